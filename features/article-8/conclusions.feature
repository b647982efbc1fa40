# language: zh-CN
功能: 建议写明的依据、职责和裁量

  @art-7.2.b @art-8.4 @art-9.3.a @art-9.4.a
  场景大纲: 决定之后的职责由谁承担、依据哪一条
    假如 一名主要责任人的失职情形已经查明
    当 调查组请求处理建议
    那么 职责<职责>由<由谁>承担，依据<条款>，出自<出处>

    例子:
      | 职责 | 由谁 | 条款 | 出处 |
      | service | 督查督办工作办公室 | art-9.3.a | 提醒 |
      | inform_departments | 督查督办工作办公室 | art-9.3.b | 提醒 |
      | personal_file | 党委组织部 | art-9.3.c | 规章 |
      | ratings | 党委组织部、人事处 | art-7.2.b | 规章 |
      | influence_period | 党委组织部 | art-8.4 | 未经确认 |
      | appeal | 被问责的领导干部 | art-9.4.a | 规章 |
      | appeal_review | 学校党委 | art-9.4.c | 规章 |

  @art-9.3.d
  场景: 采取组织调整或者组织处理的才有办理手续的职责
    假如 一名主要责任人的失职情形已经查明
    而且 损害程度认定为危害严重
    而且 不适宜担任现职已查明
    当 调查组请求处理建议
    那么 职责formalities由党委组织部、人事处承担，依据art-9.3.d，出自规章

  @art-9.2.1.b @art-9.2.2.d @art-8.1.0
  场景大纲: 建议的步骤写明所依据的条款
    假如 一名主要责任人的失职情形已经查明
    当 调查组请求处理建议
    那么 步骤“<步骤>”依据<条款>

    例子:
      | 步骤 | 条款 |
      | outcome | art-8.1.0 |
      | base | art-8.2.1 |
      | procedure.hearing | art-9.2.1.b |
      | procedure.adopt_reasonable | art-9.2.1.c |
      | procedure.signature | art-9.2.1.d |
      | procedure.refusal_note | art-9.2.1.e |
      | procedure.deliberation | art-9.2.2.d |

  @art-8.2.h @art-8.2.t.a
  场景: 留给人决定的事项及其依据
    假如 一名主要责任人的失职情形已经查明
    当 调查组请求处理建议
    那么 留给人决定的事项为measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2）

  @art-8.3.1.0 @art-8.3.2.0 @art-8.3.3.0
  场景大纲: 每项裁量的选项
    假如 一名主要责任人的失职情形已经查明
    而且 又被提出<组>，各项要素均已查明
    当 调查组请求处理建议
    那么 事项<事项>的选项为<选项>

    例子:
      | 组 | 事项 | 选项 |
      | art-8.3.1.2 | exemption | 不予问责、免予问责、不适用 |
      | art-8.3.2.2 | mitigation | 从轻、减轻、不适用 |
      | art-8.3.3.3 | aggravation | 从重、加重 |
      | art-8.3.2.2 | combination | 单独使用、合并使用 |
      | art-8.3.2.2 | admonition_form | 谈话、书面 |

  @art-8.3.1.0 @art-8.3.2.0 @art-8.3.3.0
  场景大纲: 有从宽从严情形的，留给人决定的事项和提示
    假如 一名主要责任人的失职情形已经查明
    而且 又被提出<组>，各项要素均已查明
    当 调查组请求处理建议
    那么 留给人决定的事项为<事项>
    而且 提示为<提示>

    例子:
      | 组 | 事项 | 提示 |
      | art-8.3.1.2 | exemption（art-8.3.1.0）、measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） | 无 |
      | art-8.3.2.2 | mitigation（art-8.3.2.0）、measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） | 无 |
      | art-8.3.3.3 | aggravation（art-8.3.3.0）、measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） | aggravation_capped |
      | art-8.3.3.4 | aggravation（art-8.3.3.0）、measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） | aggravation_capped |

  @art-8.2.3
  场景大纲: 危害较重以上并且可能不适宜担任现职的，才须选择组织措施的种类
    假如 一名主要责任人的失职情形已经查明
    而且 损害程度认定为<损害>
    而且 不适宜担任现职<认定>
    当 调查组请求处理建议
    那么 留给人决定的事项为<事项>

    例子:
      | 损害 | 认定 | 事项 |
      | 影响全局或者严重影响 | 已查明 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） |
      | 影响全局或者严重影响 | 未查明 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） |
      | 影响全局或者严重影响 | 不成立 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） |
      | 危害较重 | 已查明 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2）、organisational_kind（art-8.2.3） |
      | 危害较重 | 未查明 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2）、organisational_kind（art-8.2.3） |
      | 危害较重 | 不成立 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） |
      | 危害严重 | 已查明 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2）、organisational_kind（art-8.2.3） |
      | 危害严重 | 未查明 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2）、organisational_kind（art-8.2.3） |
      | 危害严重 | 不成立 | measure（art-8.2.h）、combination（art-8.2.t.a）、circulation_scope（art-8.2.1）、admonition_form（art-8.2.2） |

  @art-8.2.3
  场景: 组织措施的种类由人选择
    假如 一名主要责任人的失职情形已经查明
    而且 损害程度认定为危害严重
    而且 不适宜担任现职已查明
    当 调查组请求处理建议
    那么 事项organisational_kind的选项为停职检查、调整职务、责令辞职、免职、降职、其他措施
