"""Redaction before anything is stored: card numbers, codes, accounts, ids, births, passwords.

`Redaction` stands between a source of heard events and the journal; `redact` is for one text.
"""

from agentassist.redaction.stream import Redaction, redact, redact_means, redacted

__all__ = ["Redaction", "redact", "redact_means", "redacted"]
