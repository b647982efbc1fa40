"""From the log-in page to the documentation of the interface, in a browser without any other network."""

from __future__ import annotations

import subprocess
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Service


def watched(page: Page) -> dict[str, list[str]]:
    seen: dict[str, list[str]] = {"errors": [], "hosts": []}
    page.on("console", lambda line: seen["errors"].append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: seen["errors"].append(str(error)))
    page.on("request", lambda request: seen["hosts"].append(request.url.split("/")[2]) if "//" in request.url else None)
    return seen


def test_a_token_opens_the_documentation(page: Page, service: Service) -> None:
    seen = watched(page)
    page.goto(f"{service.url}/api/docs")
    expect(page).to_have_url(f"{service.url}/login")
    page.get_by_text("凭访问令牌查看接口文档").click()
    page.get_by_label("访问令牌").fill(service.token)
    page.get_by_role("button", name="查看接口文档").click()
    expect(page.get_by_role("heading", name="接口文档")).to_be_visible()
    expect(page.get_by_text("请求处理建议", exact=True)).to_be_visible()
    described = page.request.get(f"{service.url}/api/v1/openapi.json").json()["paths"].values()
    operations = sum("responses" in operation for path in described for operation in path.values())
    expect(page.locator(".opblock")).to_have_count(operations)
    assert operations > 50
    page.get_by_text("请求处理建议", exact=True).click()
    expect(page.get_by_text("是否存为不可更改的回执").first).to_be_visible()
    assert seen["errors"] == []
    assert set(seen["hosts"]) == {service.url.removeprefix("http://")}
    cookies: list[Any] = page.context.cookies()
    assert [(cookie["httpOnly"], cookie["sameSite"], cookie["path"]) for cookie in cookies] == [
        (True, "Strict", "/api")
    ]
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{service.url}/login")
    assert page.context.cookies() == []


def test_a_wrong_token_is_told_so(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/login")
    page.get_by_text("凭访问令牌查看接口文档").click()
    page.get_by_label("访问令牌").fill("wenze_错误")
    page.get_by_role("button", name="查看接口文档").click()
    expect(page.get_by_role("alert")).to_have_text("令牌无效、已过期或者已撤销")


def test_the_documentation_cookie_does_not_open_the_interface(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/login")
    page.get_by_text("凭访问令牌查看接口文档").click()
    page.get_by_label("访问令牌").fill(service.token)
    page.get_by_role("button", name="查看接口文档").click()
    expect(page.get_by_role("heading", name="接口文档")).to_be_visible()
    assert page.request.get(f"{service.url}/api/v1/openapi.json").status == 200
    assert page.request.get(f"{service.url}/api/v1/rulebooks").status == 401


def test_the_printed_command_reads_the_sample_back(service: Service) -> None:
    line = next(line for line in service.printed.splitlines() if "curl" in line)
    found = subprocess.run(["bash", "-c", line.partition("：")[2]], capture_output=True, check=True)
    assert "不构成问责决定" in found.stdout.decode()
