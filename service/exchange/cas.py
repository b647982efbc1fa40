"""CAS 3.0: where a log-in begins, whose a ticket is, and which ticket a request for single log-out names."""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from service.config import CasSettings
from service.exchange.sign_on import Attempt, Identity, NotProven, ProviderDown, fetch, subject_of

_CAS = "{http://www.yale.edu/tp/cas}"
_SAML = "{urn:oasis:names:tc:SAML:2.0:protocol}"
_MOST_TICKET = 512


class _Plain(ElementTree.TreeBuilder):
    """Declares nothing: no document type, and so no entity."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise NotProven("doctype")


def login_address(settings: CasSettings, attempt: Attempt) -> str:
    """Where the browser goes to log in."""
    return f"{settings.url}/login?{urlencode({'service': _service(settings, attempt), **_afresh(attempt)})}"


def identity(settings: CasSettings, attempt: Attempt, ticket: str) -> Identity:
    """Whose ticket it is; it must have been issued for this very attempt. Raises NotProven, ProviderDown."""
    if not _is_ticket(ticket):
        raise NotProven("ticket")
    asked = urlencode({"service": _service(settings, attempt), "ticket": ticket, **_afresh(attempt)})
    status, body = fetch(f"{settings.url}/p3/serviceValidate?{asked}")
    if status != 200:
        raise ProviderDown(f"HTTP {status}")
    return Identity(_user(_parsed(body)), ticket)


def ended_ticket(text: str) -> str | None:
    """The ticket whose session the CAS server has ended; None where the request is none."""
    try:
        root = _parsed(text.encode("utf-8", "replace"))
    except (NotProven, ProviderDown):
        return None
    found = root.findall(f"{_SAML}SessionIndex") if root.tag == f"{_SAML}LogoutRequest" else []
    ticket = (found[0].text or "").strip() if len(found) == 1 else ""
    return ticket if _is_ticket(ticket) else None


def _service(settings: CasSettings, attempt: Attempt) -> str:
    """Our address, as configured: what the request says of its host counts for nothing."""
    return f"{settings.back}?{urlencode({'state': attempt.derived('state')})}"


def _afresh(attempt: Attempt) -> dict[str, str]:
    """The server asks for the password, and the ticket is good for nothing where it did not."""
    return {"renew": "true"} if attempt.again else {}


def _is_ticket(given: str) -> bool:
    return 0 < len(given) <= _MOST_TICKET and given.isascii() and given.isprintable() and given.startswith("ST-")


def _parsed(body: bytes) -> Element:
    try:
        return ElementTree.fromstring(body, ElementTree.XMLParser(target=_Plain()))
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ProviderDown("答复不是 CAS 的格式") from None


def _user(root: Element) -> str:
    """The one user of the one answer; names are compared with their namespace, and only where they belong."""
    if root.tag != f"{_CAS}serviceResponse" or len(root) != 1:
        raise ProviderDown("答复不是 CAS 的格式")
    if root[0].tag != f"{_CAS}authenticationSuccess":
        raise NotProven("ticket")
    users = root[0].findall(f"{_CAS}user")
    if len(users) != 1 or len(users[0]):
        raise NotProven("subject")
    return subject_of((users[0].text or "").strip())
