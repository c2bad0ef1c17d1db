"""The language library: reads group chats and understands what residents say.

Pure Python; knows no database and no web. What others may call is listed in ``__all__``:

* ``read_chat(data, *, filename="", date=None, group=None, limit=DEFAULT_LIMIT) -> Transcript``
  reads an exported or copied chat; raises ``UnreadableChat(code, message_zh)``.
* ``label(messages, *, model=None, known=None) -> list[Label]`` labels a whole transcript.
* ``understand(text, *, sender="", group="") -> Understanding`` looks at one message alone.
* ``match(new, candidates, *, limit=5) -> list[Match]`` ranks open matters a message may repeat.
* ``similar(a, b) -> float`` says how alike two texts are, 0..1, place first.
* ``private_spans(text) -> tuple[Span, ...]`` and ``redact(text, spans=None) -> str`` hide people.
* ``danger(text) -> Danger | None`` tells which emergency number to dial.
* ``jurisdiction(text) -> Refusal | None`` tells what courts and others decide, and how to get there.
* ``parse_place(text, *, sender="", group="") -> Place | None`` reads where something is.
* ``suggest(question, past, *, limit=3) -> list[Suggestion]`` finds past answers.
* ``is_staff(sender) -> bool`` judges a nickname.
"""

from fuhui.triage.advice import danger, jurisdiction
from fuhui.triage.answers import suggest
from fuhui.triage.labelling import label
from fuhui.triage.matching import match, similar
from fuhui.triage.model import Model, load_model
from fuhui.triage.places import parse_place
from fuhui.triage.privacy import private_spans, redact
from fuhui.triage.read import (
    DEFAULT_LIMIT,
    Transcript,
    UnparsedLine,
    UnreadableChat,
    read_chat,
)
from fuhui.triage.staff import is_staff
from fuhui.triage.understanding import understand
from fuhui.triage.vocabulary import (
    CATEGORY_NAMES,
    KIND_NAMES,
    Candidate,
    Category,
    Danger,
    Kind,
    Known,
    Label,
    Match,
    Message,
    Place,
    Refusal,
    Span,
    Suggestion,
    Understanding,
)

__all__ = [
    "CATEGORY_NAMES", "DEFAULT_LIMIT", "KIND_NAMES", "Candidate", "Category", "Danger", "Kind",
    "Known", "Label", "Match", "Message", "Model", "Place", "Refusal", "Span", "Suggestion",
    "Transcript", "Understanding", "UnparsedLine", "UnreadableChat", "danger", "is_staff",
    "jurisdiction", "label", "load_model", "match", "parse_place", "private_spans", "read_chat",
    "redact", "similar", "suggest", "understand",
]  # fmt: skip
