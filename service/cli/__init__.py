"""The command line. Each command is imported only when it is called."""

from __future__ import annotations

import gc
import importlib
from typing import Any

import click

COMMANDS = {
    "access": "权限表：哪种角色、与案件是何关系的，可以做什么。",
    "archive": "一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值。同一事项每次生成的文件相同。",
    "assessment": "年度考核所用的各单位数据，以及当年决定取消评优评先资格的人员和单位。本年的统计至今天。",
    "audit": "审计记录：每次办理和查阅一条，前后以散列值相接。核对、列出，把末条的散列值存到系统之外。",
    "backup": "备份数据库、附件和导入的工作日历；服务不必停。备份含全部案情，请按涉密要求保管；设置和密钥不在其中。",
    "bulletin": "一个时期的督查通报，含起止两日：docx、pdf 为全文，csv、json 为数字。只统计，不产生问责记录。",
    "calendar": "工作日历：每年的节假日安排。没有导入的年份只提示，不推算。",
    "case": "问责程序：提出、批准、调查、听取申辩、报告、审议、决定、送达、申诉、复查。系统只整理和核对，不作决定。",
    "case-paper": "一个案件的文书，如：wenze case-paper 案件 调查报告 --out 报告.docx；不写文书的，列出已有的、草稿和尚不能制作的。",
    "compliance": "由场景结果（JSON）生成合规报告：文件夹中的 index.html 和 compliance.json。",
    "config": "设置（环境变量）。",
    "db": "数据库。",
    "demo": "写入示范数据：一所虚构学校的一年，每个角色一个账号。再次执行只换新的密码。",
    "form": "一个事项的登记表（registration-form，附件1）或者最近一次催办的通知（urging-notice，附件2）。",
    "inspection": "定期、专项、联合督查。",
    "ledger": "整个台账：由既有台账转入，整体导出。",
    "matter": "督查督办事项：提出、办理、查看，由台账请求处理建议。事项可以用编号（督〔2026〕1号）或者标识指明。",
    "oa": "OA 下发和回执。",
    "org": "学校的单位和人员任职。",
    "patrol": "每日巡查：到期、逾期、未答复、应督查的事项。只提示，不代为办理；重复运行结果相同。",
    "people": "人员登记：查找、登记、更名，合并的提议，核对此前记录中的姓名。",
    "periods": "影响期表：根据上级文件执行。未经确认的行只作提示，不产生任何日期。",
    "proof": "证明包：一份处理建议（连同学校党委的决定）的全部依据，不用本系统也能核验。",
    "ratings": "评优评先资格：登记决定所取消的资格，列出一个年度的名单。",
    "recommend": "对每份案卷（YAML 或 JSON；“-”从标准输入逐行读 JSON）给出处理建议。",
    "replay": "重放：谁的处理建议会变、从什么变为什么、依哪一条。不改变任何已经作出的处理建议和决定，也不写姓名。",
    "report": "向校领导书面报告一个月（如 2026-05）的重要会议决议、决定贯彻落实情况。",
    "restore": "把一份备份恢复到空库和空的数据文件夹；先逐个核对散列值，恢复之后核对各表行数和审计记录的末条。",
    "rules": "规则库。",
    "serve": "启动服务。嵌入式数据库在启动时自动升级；PostgreSQL 请先执行 wenze db upgrade。",
    "status-table": "办理情况表（附件3）：发出和读回。",
    "token": "访问令牌。",
    "user": "账号：建立、授予和撤销角色（有起止日期）、停用、重设密码。",
}
"""The name and the first line of the help of each command; its module has its name, where it stands in none with others."""
_TOGETHER = dict.fromkeys(("access", "archive", "assessment", "bulletin", "case-paper", "form", "report"), "papers")

_ANALYSIS = ("polars", "sqlglot", "z3")
_INSTALL = "make setup，或者 pip install 'wenze[analysis]'"


class _NotInstalled(click.ClickException):
    exit_code = 2


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        gc.disable()  # what is imported stays: to look for garbage meanwhile takes a sixth of the time
        try:
            name = cmd_name.replace("-", "_")
            module = importlib.import_module(f"service.cli.{_TOGETHER.get(cmd_name, name)}")
            command: click.Command = getattr(module, name if cmd_name in _TOGETHER else "command")
        finally:
            gc.enable()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table as it stands: click would import every command for its first line."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it does not expect ends it with one line, never with what a person wrote."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name in _ANALYSIS:
                raise _NotInstalled(f"缺少 {error.name}：分析用的库没有安装，请 {_INSTALL}") from None
            from service.cli.faults import ended  # here, since a command that ends well does without the database

            ended(error)


@click.group(cls=_Lazy)
def main() -> None:
    """督查督办与问责辅助决策：整理认定、引用条款、标明裁量。仅供参考，不构成问责决定。"""
