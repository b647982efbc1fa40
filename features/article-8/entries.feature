# language: zh-CN
功能: 条款之下的规则

  @art-8.1.0 @art-8.2.3 @art-8.3.1.0 @art-8.3.2.0 @art-8.3.3.0 @art-9.1.c
  场景大纲: 逐条列出由条款得出的结论、区间、提示和裁量
    当 查阅办理一览
    那么 条款<条款>之下列有<条目>

    例子:
      | 条款 | 条目 |
      | art-8.0.a | outcome:gate_failed、outcome:gate_pending |
      | art-8.0.b | outcome:out_of_scope |
      | art-8.1.0 | outcome:accountable、outcome:insufficient_facts、outcome:no_situation、latitude:no_situation、latitude:held |
      | art-8.1.6 | outcome:human_only |
      | art-8.2.h | discretion:measure |
      | art-8.2.1 | discretion:circulation_scope、measure:notice_of_criticism |
      | art-8.2.2 | discretion:admonition_form、measure:admonition |
      | art-8.2.3 | flag:law_mandatory_vs_mitigation、law:law.unfit、discretion:organisational_kind、measure:organisational_measure |
      | art-8.2.4 | track:not_triggered、track:not_applicable_non_member、track:referral_required |
      | art-8.2.t.a | discretion:combination、latitude:combined |
      | art-8.3.1.0 | lead:exempt、flag:exemption_vs_aggravation、discretion:exemption、latitude:not_held、latitude:exempted |
      | art-8.3.2.0 | lead:mitigate、flag:mitigation_and_aggravation、discretion:mitigation、adjustment:mitigation、latitude:lighter_within、latitude:below_range |
      | art-8.3.3.0 | lead:aggravate、discretion:aggravation、adjustment:aggravation、latitude:heavier_within、latitude:above_range |
      | art-8.3.3.3 | track:not_applicable_non_member、track:referral_required |
      | art-8.3.3.4 | flag:double_use |
      | art-9.1.c | outcome:contradiction、outcome:inconsistent_harm |
