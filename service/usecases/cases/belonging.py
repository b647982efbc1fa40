"""To which case an evaluation belongs: whoever has a hand in a running case evaluates nothing beside it. Source: art-9.1."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.case.running import about_matter, running_cases
from models.schemas.errors import CaseFileError, FieldError
from rules.reasoning.editions import Books
from service.usecases.people.principals import Principal


def belongs_to(
    session: Session, books: Books, principal: Principal, *, named: str | None = None, matter_id: str | None = None
) -> str | None:
    """The running case that an evaluation by somebody belongs to; None where they have a hand in none.

    named: the case as they name it; matter_id: the matter that it is made from, whose cases come first. What else the case file says
    changes nothing. Raises CaseFileError where the case has to be named, or is none of theirs.
    """
    every = running_cases(session, principal.reader, books.usual.proceedings, of_committee=principal.of_committee)
    theirs = (about_matter(session, every, matter_id) if matter_id is not None else ()) or every
    if named is not None:
        if named not in theirs:
            raise _fault("不是您承担工作的在办案件" + ("，或者不是就本事项办理的" if named in every else ""))
        return named
    if len(theirs) > 1:
        raise _fault(f"您承担几个在办案件的工作，请写明属于哪一个：{'、'.join(theirs)}")
    return next(iter(theirs), None)


def _fault(said: str) -> CaseFileError:
    return CaseFileError([FieldError("case", said)])
