# language: zh-CN
功能: 附件栏目的出处

  @annex-1.f1 @annex-2.f1 @annex-3.c1
  场景大纲: 附件的每个栏目取自原文
    当 查阅办理一览
    那么 附件栏目<附件>的<栏目>取自<条款>

    例子:
      | 附件 | 栏目 | 条款 |
      | registration_form | task | annex-1.f1 |
      | registration_form | basis | annex-1.f2 |
      | registration_form | lead_unit | annex-1.f3 |
      | registration_form | office_opinion | annex-1.f4 |
      | registration_form | leader_opinion | annex-1.f5 |
      | registration_form | result | annex-1.f6 |
      | registration_form | closing | annex-1.f7 |
      | registration_form | office_agrees | annex-1.f7.1 |
      | registration_form | leader_agrees | annex-1.f7.2 |
      | registration_form | remarks | annex-1.f8 |
      | urging_notice | unit | annex-2.f1 |
      | urging_notice | responsible | annex-2.f2 |
      | urging_notice | urged_by | annex-2.f3 |
      | urging_notice | signed_by | annex-2.f4 |
      | urging_notice | matter | annex-2.f5 |
      | urging_notice | body | annex-2.body |
      | urging_notice | sign | annex-2.sign |
      | urging_notice | date | annex-2.date |
      | urging_notice | contact | annex-2.contact |
      | urging_notice | phone | annex-2.phone |
      | status_table | period | annex-3.period |
      | status_table | order | annex-3.c1 |
      | status_table | assigned_on | annex-3.c2 |
      | status_table | unit | annex-3.c3 |
      | status_table | content | annex-3.c4 |
      | status_table | implemented | annex-3.c5 |
      | status_table | progress | annex-3.c6 |
      | status_table | rows | annex-3.rows |
      | status_table | cutoff | annex-3.n1 |
      | status_table | owner | annex-3.n2 |
