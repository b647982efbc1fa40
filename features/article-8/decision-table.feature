# language: zh-CN
功能: 各种认定之下的建议

  @art-8.0.a @art-8.0.b @art-8.1.0 @art-8.2.h @art-8.3.1.0 @art-8.3.2.0 @art-8.3.3.0 @art-9.1.c
  场景大纲: 结论、基本的应当的和行使裁量时的区间、纪律处分衔接、提示、依据和留给人的事项
    假如 <人>
    而且 <认定>
    当 调查组请求处理建议
    那么 建议概要为<概要>

    例子:
      | 人 | 认定 | 概要 |
      | 一名主要责任人，党员，上级管理 | 认定为无，损害未认定，不适宜未查明，同一时段 | 不在本办法适用范围；无；无；无；未触发；无；art-8.0.b；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.1已查明，损害不良影响或者后果，不适宜未查明，同一时段 | 损害程度与已查明情形不一致，须先核对；无；无；无；未触发；无；art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.1.6未查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.1.0；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.1.1/exploration已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.1.0、art-8.1.0；exemption/art-8.3.1.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.1.1/good-faith已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；exemption_vs_aggravation；art-8.3.1.0、art-8.3.3.0、art-8.1.0；exemption/art-8.3.1.0、aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.1.1/good-faith已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.1.0、art-8.1.0；exemption/art-8.3.1.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.1.1/inexperience未查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.1.0、art-8.3.3.0、art-8.1.0；exemption/art-8.3.1.0、aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.1/rectified已查明，损害危害严重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；诫勉至组织调整或者组织处理；应当移送纪检监察机构研判；law_mandatory_vs_mitigation；art-8.3.2.0、art-8.1.0、art-8.2.3、art-8.3.2.0、art-8.2.4；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.1/rectified已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；诫勉至组织调整或者组织处理；未触发；law_mandatory_vs_mitigation；art-8.3.2.0、art-8.1.0、art-8.2.3、art-8.3.2.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.1/rectified已查明，损害未认定，不适宜已查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.1/rectified已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.1/rectified未查明、art-8.3.3.4已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-8.1.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.1/remedied已查明、art-8.3.3.4已查明，损害未认定，不适宜未查明，同一时段 | 认定互相矛盾，须先解决；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.2已查明、art-8.3.3.2已查明，损害不良影响或者后果，不适宜未查明，同一时段 | 认定互相矛盾，须先解决；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 认定互相矛盾，须先解决；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.2已查明，损害危害严重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；诫勉至组织调整或者组织处理；应当移送纪检监察机构研判；law_mandatory_vs_mitigation；art-8.3.2.0、art-8.1.0、art-8.2.3、art-8.3.2.0、art-8.2.4；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.3已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；诫勉至组织调整或者组织处理；未触发；law_mandatory_vs_mitigation；art-8.3.2.0、art-8.1.0、art-8.2.3、art-8.3.2.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.2.3已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.3.0、art-8.1.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.3.3已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；应当移送纪检监察机构研判；无；art-8.3.3.0、art-8.1.0、art-8.2.4；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.3.4已查明，损害危害严重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；应当移送纪检监察机构研判；aggravation_capped、double_use；art-8.3.3.0、art-8.1.0、art-8.2.2、art-8.3.3.0、art-8.2.4；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.3.4已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；未触发；aggravation_capped、double_use；art-8.3.3.0、art-8.1.0、art-8.2.2、art-8.3.3.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明、art-8.3.3.4已查明，损害影响全局或者严重影响，不适宜未查明，同一时段 | 有应予问责的情形；通报至诫勉；诫勉；诫勉；未触发；aggravation_capped；art-8.3.3.0、art-8.1.0、art-8.2.1、art-8.3.3.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害不良影响或者后果，不适宜未查明，同一时段 | 损害程度与已查明情形不一致，须先核对；无；无；无；未触发；无；art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害危害严重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；组织调整或者组织处理；应当移送纪检监察机构研判；无；art-8.1.0、art-8.2.3、art-8.2.4；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；组织调整或者组织处理；未触发；无；art-8.1.0、art-8.2.3；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害影响全局或者严重影响，不适宜已查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害影响全局或者严重影响，不适宜未查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害无，不适宜未查明，同一时段 | 损害程度与已查明情形不一致，须先核对；无；无；无；未触发；无；art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.1.0；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2未查明、art-8.1.6已查明，损害未认定，不适宜未查明，同一时段 | 仅提出兜底条款，须由人认定；无；无；无；未触发；无；art-8.1.6；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2未查明，损害不良影响或者后果，不适宜未查明，同一时段 | 事实尚不足以得出结论；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.2未查明，损害未认定，不适宜未查明，同一时段 | 事实尚不足以得出结论；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.1.1/inexperience已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；exemption_vs_aggravation；art-8.3.1.0、art-8.3.3.0、art-8.1.0；exemption/art-8.3.1.0、aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.1/remedied已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；诫勉至组织调整或者组织处理；未触发；law_mandatory_vs_mitigation；art-8.3.2.0、art-8.1.0、art-8.2.3、art-8.3.2.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.1/remedied已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，不同时段 | 有应予问责的情形；无；无；无；未触发；mitigation_and_aggravation；art-8.3.2.0、art-8.3.3.0、art-8.1.0；mitigation/art-8.3.2.0、aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 认定互相矛盾，须先解决；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.2已查明、art-8.3.3.2未查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.2已查明、art-8.3.3.3已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；应当移送纪检监察机构研判；mitigation_and_aggravation；art-8.3.2.0、art-8.3.3.0、art-8.1.0、art-8.2.4；mitigation/art-8.3.2.0、aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.2未查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-8.1.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.2.3已查明，损害危害严重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；通报至诫勉；应当移送纪检监察机构研判；无；art-8.3.2.0、art-8.1.0、art-8.2.2、art-8.3.2.0、art-8.2.4；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明、art-8.3.3.4已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.3.0、art-8.1.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害危害严重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；组织调整或者组织处理；应当移送纪检监察机构研判；无；art-8.1.0、art-8.2.3、art-8.2.4；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害危害严重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；应当移送纪检监察机构研判；无；art-8.1.0、art-8.2.2、art-8.2.4；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；组织调整或者组织处理；未触发；无；art-8.1.0、art-8.2.3；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；未触发；无；art-8.1.0、art-8.2.2；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害影响全局或者严重影响，不适宜已查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害影响全局或者严重影响，不适宜未查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.1.0；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.1/rectified已查明，损害危害严重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；通报至诫勉；应当移送纪检监察机构研判；无；art-8.3.2.0、art-8.1.0、art-8.2.2、art-8.3.2.0、art-8.2.4；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.1/rectified已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；通报至诫勉；未触发；无；art-8.3.2.0、art-8.1.0、art-8.2.2、art-8.3.2.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.1/rectified已查明，损害影响全局或者严重影响，不适宜已查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.3.2.0、art-8.1.0、art-8.2.1、art-8.3.2.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.1/remedied已查明、art-8.3.3.4已查明，损害未认定，不适宜未查明，同一时段 | 认定互相矛盾，须先解决；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.1/remedied已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；诫勉至组织调整或者组织处理；未触发；law_mandatory_vs_mitigation；art-8.3.2.0、art-8.1.0、art-8.2.3、art-8.3.2.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 认定互相矛盾，须先解决；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.2.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；mitigation/art-8.3.2.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.3.2已查明，损害不良影响或者后果，不适宜未查明，同一时段 | 有应予问责的情形；通报；通报至诫勉；通报至诫勉；未触发；无；art-8.3.3.0、art-8.1.0、art-8.2.1、art-8.3.3.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.3.3.0、art-8.1.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明、art-8.3.3.4已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；未触发；aggravation_capped、double_use；art-8.3.3.0、art-8.1.0、art-8.2.2、art-8.3.3.0；aggravation/art-8.3.3.0、measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害不良影响或者后果，不适宜未查明，同一时段 | 有应予问责的情形；通报；通报；通报；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害危害严重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；应当移送纪检监察机构研判；无；art-8.1.0、art-8.2.2、art-8.2.4；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害危害较重，不适宜已查明，同一时段 | 有应予问责的情形；组织调整或者组织处理；组织调整或者组织处理；组织调整或者组织处理；未触发；无；art-8.1.0、art-8.2.3；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；未触发；无；art-8.1.0、art-8.2.2；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害无，不适宜未查明，同一时段 | 损害程度与已查明情形不一致，须先核对；无；无；无；未触发；无；art-9.1.c；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害未认定，不适宜未查明，同一时段 | 有应予问责的情形；无；无；无；未触发；无；art-8.1.0；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.5/unresolved未查明，损害无，不适宜未查明，同一时段 | 事实尚不足以得出结论；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.6不成立，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.6已查明，损害未认定，不适宜未查明，同一时段 | 仅提出兜底条款，须由人认定；无；无；无；未触发；无；art-8.1.6；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.1.6未查明，损害未认定，不适宜未查明，同一时段 | 仅提出兜底条款，须由人认定；无；无；无；未触发；无；art-8.1.6；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.3.1.1/good-faith未查明，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.3.1.0、art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.3.1.1/inexperience已查明，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.3.1.0、art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.3.1.1/inexperience未查明，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.3.1.0、art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.3.2.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.3.2.2已查明，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.3.2.0、art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为art-8.3.3.3已查明，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.3.3.0、art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害不良影响或者后果，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害危害严重，不适宜不成立，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害危害严重，不适宜已查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害危害严重，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害危害较重，不适宜已查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害危害较重，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害影响全局或者严重影响，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害无，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，前提具备 | 认定为无，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，党员，报结待审查 | 认定为无，损害未认定，不适宜未查明，同一时段 | 问责前提尚待查明；无；无；无；未触发；无；art-8.0.a；无 |
      | 一名主要责任人，党员，按时办结 | 认定为无，损害未认定，不适宜未查明，同一时段 | 问责前提不成立；无；无；无；未触发；无；art-8.0.a；无 |
      | 一名主要责任人，党员，按时办结、上级管理 | 认定为无，损害未认定，不适宜未查明，同一时段 | 不在本办法适用范围；无；无；无；未触发；无；art-8.0.b；无 |
      | 一名主要责任人，党员，时限在一年以前 | 认定为无，损害未认定，不适宜未查明，同一时段 | 问责前提不成立；无；无；无；未触发；无；art-8.0.a；无 |
      | 一名主要责任人，党员，未立项 | 认定为无，损害未认定，不适宜未查明，同一时段 | 不在本办法适用范围；无；无；无；未触发；无；art-8.0.b；无 |
      | 一名主要责任人，党员，立项尚不清楚 | 认定为art-8.1.2已查明、art-8.3.2.2已查明、art-8.3.3.2已查明，损害未认定，不适宜未查明，同一时段 | 问责前提尚待查明；无；无；无；未触发；无；art-8.3.2.0、art-8.3.3.0、art-8.0.a；无 |
      | 一名主要责任人，党员，立项尚不清楚 | 认定为无，损害未认定，不适宜未查明，同一时段 | 问责前提尚待查明；无；无；无；未触发；无；art-8.0.a；无 |
      | 一名主要责任人，党员，立项尚不清楚、按时办结 | 认定为无，损害未认定，不适宜未查明，同一时段 | 问责前提不成立；无；无；无；未触发；无；art-8.0.a；无 |
      | 一名主要责任人，党员，角色未定 | 认定为无，损害未认定，不适宜未查明，同一时段 | 问责前提尚待查明；无；无；无；未触发；无；art-8.0.a；无 |
      | 一名主要责任人，非党员，前提具备 | 认定为无，损害危害严重，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，非党员，前提具备 | 认定为无，损害危害较重，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名主要责任人，非党员，前提具备 | 认定为无，损害未认定，不适宜未查明，同一时段 | 未发现应予问责的情形；无；无；无；未触发；无；art-8.1.0；无 |
      | 一名班子其他成员，党员，前提具备 | 认定为art-8.1.2已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名班子其他成员，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害不良影响或者后果，不适宜未查明，同一时段 | 有应予问责的情形；通报；通报；通报；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
      | 一名班子其他成员，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害危害严重，不适宜未查明，同一时段 | 有应予问责的情形；诫勉；诫勉；诫勉；应当移送纪检监察机构研判；无；art-8.1.0、art-8.2.2、art-8.2.4；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名班子其他成员，党员，前提具备 | 认定为art-8.1.5/neglect已查明，损害危害较重，不适宜未查明，同一时段 | 有应予问责的情形；通报至诫勉；通报至诫勉；通报至诫勉；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2、organisational_kind/art-8.2.3 |
      | 一名班子其他成员，党员，前提具备 | 认定为art-8.1.5/unresolved已查明，损害影响全局或者严重影响，不适宜未查明，同一时段 | 有应予问责的情形；通报；通报；通报；未触发；无；art-8.1.0、art-8.2.1；measure/art-8.2.h、combination/art-8.2.t.a、circulation_scope/art-8.2.1、admonition_form/art-8.2.2 |
