"""Every table, by theme. Importing this package registers all of them with `Base.metadata`."""

from storage.models.base import Base
from storage.models.delivery import ClaimRow, OutboxRow
from storage.models.dialogue import (
    ChoiceSetRow,
    ConversationRow,
    RatingRow,
    TurnRevisionRow,
    TurnRow,
)
from storage.models.oversight import AuditRow, CommunityUsageRow, LearnerUsageRow, ReportRow
from storage.models.people import (
    ConsentRow,
    ErasureRow,
    IdentityRow,
    LearnerRow,
    LinkAttemptRow,
    LinkCodeRow,
    StandingRow,
)
from storage.models.places import ChannelRow, CommunityRow, InstallationRow, OAuthStateRow
from storage.models.products import (
    ArtifactRow,
    AssignmentChangeRow,
    AssignmentRow,
    BlobReferenceRow,
    BlobRow,
)
from storage.models.work import JobRow, ScheduleRow

__all__ = [
    "ArtifactRow",
    "AssignmentChangeRow",
    "AssignmentRow",
    "AuditRow",
    "Base",
    "BlobReferenceRow",
    "BlobRow",
    "ChannelRow",
    "ChoiceSetRow",
    "ClaimRow",
    "CommunityRow",
    "CommunityUsageRow",
    "ConsentRow",
    "ConversationRow",
    "ErasureRow",
    "IdentityRow",
    "InstallationRow",
    "JobRow",
    "LearnerRow",
    "LearnerUsageRow",
    "LinkAttemptRow",
    "LinkCodeRow",
    "OAuthStateRow",
    "OutboxRow",
    "RatingRow",
    "ReportRow",
    "ScheduleRow",
    "StandingRow",
    "TurnRevisionRow",
    "TurnRow",
]
