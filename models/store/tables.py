"""Every table of the store, so that migrations and tests see them all."""

from models.store.accounts import Account, FailedLogin, RoleGrant, WebSession
from models.store.attachments import Attachment
from models.store.audit import AuditEvent, AuditHead, AuditRecord
from models.store.cases import CaseMatter, CaseRecordRow, CaseRow, DecisionNumber, DecisionRow
from models.store.database import Base
from models.store.evaluations import Evaluation
from models.store.inspections import InspectionRow
from models.store.involvements import InvolvementRow
from models.store.mail import Mailed
from models.store.matters import Desk, MatterRow, RecordRow, YearRow
from models.store.outbox import Parcel
from models.store.periods import PeriodActRow
from models.store.posts import PostRow
from models.store.proofs import Proof
from models.store.rating_bars import RatingBarRow
from models.store.receipts import Receipt
from models.store.rulebooks import KeptRulebook
from models.store.sent_forms import SentForm
from models.store.tokens import Token
from models.store.units import Unit, UnitAlias

ROWS: tuple[type[Base], ...] = (
    Account, Attachment, AuditEvent, AuditHead, AuditRecord, CaseMatter, CaseRecordRow, CaseRow, DecisionNumber, DecisionRow, Desk, Evaluation, FailedLogin, InspectionRow, InvolvementRow, KeptRulebook, Mailed, MatterRow, Parcel, PeriodActRow, PostRow, Proof, RatingBarRow, Receipt, RecordRow,
    RoleGrant, SentForm, Token, Unit, UnitAlias, WebSession, YearRow,
)  # fmt: skip
METADATA = Base.metadata
