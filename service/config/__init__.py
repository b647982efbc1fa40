"""Configuration from the environment: what is wrong is told by the variable's name, all of it before the service starts."""

from service.config.audit import audit_anchor, audit_hash, audit_mail
from service.config.deployment import behind_tls, check, exposed_folders, warnings
from service.config.listening import Listening, listening
from service.config.settings import SETTINGS, Setting, as_shown
from service.config.single_sign_on import CasSettings, OidcSettings, cas, oidc, sign_out
from service.config.values import (
    DECISION_PREFIX,
    ConfigError,
    FolderSettings,
    MailSettings,
    WebhookSettings,
    approvers,
    attachments_folder,
    calendar_folder,
    data_folder,
    database_url,
    decision_prefix,
    is_protected,
    mail,
    oa,
    public_url,
    session_idle,
    thresholds,
)

__all__ = [
    "DECISION_PREFIX",
    "SETTINGS",
    "CasSettings",
    "ConfigError",
    "FolderSettings",
    "Listening",
    "MailSettings",
    "OidcSettings",
    "Setting",
    "WebhookSettings",
    "approvers",
    "as_shown",
    "attachments_folder",
    "audit_anchor",
    "audit_hash",
    "audit_mail",
    "behind_tls",
    "calendar_folder",
    "cas",
    "check",
    "data_folder",
    "database_url",
    "decision_prefix",
    "exposed_folders",
    "is_protected",
    "listening",
    "mail",
    "oa",
    "oidc",
    "public_url",
    "session_idle",
    "sign_out",
    "thresholds",
    "warnings",
]
