"""Lists of matters: of the unit that is asked for, and for whoever acts for units, of theirs alone."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Forbidden

from models.store import units
from service.auth import own_units


def unit_asked(session: Session, given: str | None) -> str | None:
    """The unit that is asked for by its own name; None: every unit's. Raises Forbidden for another's, BadRequest where it is not clear."""
    own = own_units()
    named = units.aliases(session).get(given, given) if given is not None else None
    if own is None:
        return named
    if named is None and len(own) != 1:
        raise BadRequest(f"请写明 unit：{'、'.join(sorted(own))}")
    if named is not None and named not in own:
        raise Forbidden
    return named or next(iter(own))
