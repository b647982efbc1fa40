# language: zh-CN
功能: 督查的形式和周期的出处

  @art-5.1.b @art-5.1.c @art-5.1.d
  场景大纲: 定期督查的周期和书面报告
    当 查阅办理一览
    那么 督查<督查>依据<条款>，周期<月>个月，<报告>书面报告

    例子:
      | 督查 | 条款 | 月 | 报告 |
      | meeting_resolutions | art-5.1.b | 1 | 须 |
      | important_annual_tasks | art-5.1.c | 3 | 不须 |
      | annual_work_points | art-5.1.d | 6 | 不须 |

  @art-5.1.a @art-5.2 @art-5.3
  场景大纲: 督查的形式
    当 查阅办理一览
    那么 督查形式<形式>依据<条款>，须有<内容>

    例子:
      | 形式 | 条款 | 内容 |
      | regular | art-5.1.a | 无 |
      | special | art-5.2 | task |
      | joint | art-5.3 | task、members |
