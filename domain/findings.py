"""Findings: something wrong or notable about an order, with a fixed code, evidence on both sides and the money at stake."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from signoff.domain.record import Number, Record


class Severity(StrEnum):
    """`info` is shown, `warning` keeps an order from passing without a sign-off, `blocking` pauses it for a person."""

    OFF = "off"
    INFO = "info"
    WARNING = "warning"
    BLOCKING = "blocking"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Group(StrEnum):
    """What a finding is about, and so which step raises it."""

    READING = "reading"
    VENDOR = "vendor"
    CONTRACT = "contract"
    ORDER = "order"


_I, _W, _B = Severity.INFO, Severity.WARNING, Severity.BLOCKING
_R, _V, _C, _O = Group.READING, Group.VENDOR, Group.CONTRACT, Group.ORDER


class Code(StrEnum):
    """The fixed names. Each carries its group, its severity unless policy says otherwise, and what it means."""

    group: Group
    severity: Severity
    meaning: str

    def __new__(cls, name: str, group: Group, severity: Severity, meaning: str) -> Code:
        code = str.__new__(cls, name)
        code._value_ = name
        code.group, code.severity, code.meaning = group, severity, meaning
        return code

    NOT_AN_ORDER = "not_an_order", _R, _B, "the document is not a purchase order"
    DUPLICATE_DOCUMENT = "duplicate_document", _R, _B, "this very document was taken in before"
    ARITHMETIC_MISMATCH = "arithmetic_mismatch", _R, _B, "printed figures contradict each other"
    FIELD_MISSING = "field_missing", _R, _B, "the document does not say something an order needs"
    ROWS_MISSING = "rows_missing", _R, _B, "fewer lines were read than the document prints or counts"
    LOW_CONFIDENCE = "low_confidence", _R, _B, "a critical field was read without proof"
    READINGS_DISAGREE = "readings_disagree", _R, _B, "two readings of the same field differ"
    SUSPICIOUS_TEXT = "suspicious_text", _R, _B, "text that is addressed to a machine or tries to steer the decision"
    HIDDEN_TEXT = "hidden_text", _R, _B, "text a person would not see on the page"
    PARTIES_SWAPPED = "parties_swapped", _V, _B, "buyer and supplier seem to be exchanged, or the order is not for us"

    VENDOR_UNKNOWN = "vendor_unknown", _V, _B, "no vendor in the master matches the supplier"
    VENDOR_AMBIGUOUS = "vendor_ambiguous", _V, _B, "more than one vendor matches the supplier"
    VENDOR_ON_HOLD = "vendor_on_hold", _V, _B, "the vendor is on hold"
    VENDOR_BLOCKED = "vendor_blocked", _V, _B, "the vendor is blocked"
    VENDOR_SANCTIONED = "vendor_sanctioned", _V, _B, "the vendor is on a sanctions list"
    VENDOR_LOOKALIKE = "vendor_lookalike", _V, _B, "the supplier's name imitates a known vendor's"
    BANK_DETAILS_CHANGED = "bank_details_changed", _V, _B, "the bank account differs from the vendor master"
    CERTIFICATE_EXPIRED = "certificate_expired", _V, _W, "a certificate the vendor must hold has expired"

    CONTRACT_MISSING = "contract_missing", _C, _W, "no contract covers this vendor and order"
    CONTRACT_EXPIRED = "contract_expired", _C, _B, "the contract had ended when the order was issued"
    CONTRACT_NOT_STARTED = "contract_not_started", _C, _B, "the contract has not started yet"
    CONTRACT_EXPIRING = "contract_expiring", _C, _I, "the contract ends soon"
    ITEM_OFF_CONTRACT = "item_off_contract", _C, _W, "an item is not in the contract"
    PRICE_ABOVE_CONTRACT = "price_above_contract", _C, _B, "a price is higher than the contract's"
    PRICE_BELOW_CONTRACT = "price_below_contract", _C, _I, "a price is lower than the contract's"
    TIER_PRICE_MISSED = "tier_price_missed", _C, _B, "the quantity earns a better tier price than was used"
    DISCOUNT_MISSED = "discount_missed", _C, _W, "a discount the contract grants was not taken"
    BELOW_MINIMUM = "below_minimum", _C, _W, "less than the contract's minimum quantity or value"
    ABOVE_MAXIMUM = "above_maximum", _C, _W, "more than the contract's maximum quantity"
    NOT_A_MULTIPLE = "not_a_multiple", _C, _W, "not a multiple of the contract's order quantity"
    UNIT_MISMATCH = "unit_mismatch", _C, _B, "the unit differs from the contract's and cannot be converted"
    CURRENCY_MISMATCH = "currency_mismatch", _C, _B, "the currency differs from the contract's"
    SPEND_CAP_EXCEEDED = "spend_cap_exceeded", _C, _B, "the order takes the spend over the contract's cap"
    PAYMENT_TERMS_DIFFER = "payment_terms_differ", _C, _W, "payment terms differ from the contract's"
    DELIVERY_TERMS_DIFFER = "delivery_terms_differ", _C, _W, "delivery terms differ from the contract's"
    LEAD_TIME_TOO_SHORT = "lead_time_too_short", _C, _W, "delivery is asked for sooner than the contract's lead time"
    PRICE_PLACEHOLDER = "price_placeholder", _C, _B, "a price is zero or a placeholder such as 0.01 or 9999.99"

    DUPLICATE_ORDER = "duplicate_order", _O, _B, "an order with this number from this buyer to this vendor exists"
    NEAR_DUPLICATE_ORDER = "near_duplicate_order", _O, _W, "an order with the same content and another number exists"
    ORDER_CHANGED = "order_changed", _O, _W, "the document changes or cancels an earlier order"
    SPLIT_ORDER = "split_order", _O, _W, "orders that together pass a limit that each stays below"
    BUDGET_EXCEEDED = "budget_exceeded", _O, _B, "the order takes its cost centre over budget"
    REQUESTER_IS_APPROVER = "requester_is_approver", _O, _I, "the requester would sign their own order and was passed over"
    APPROVER_LIMIT = "approver_limit", _O, _B, "nobody in the approval path may sign this amount"
    HISTORY_PRICE_JUMP = "history_price_jump", _O, _W, "a price is far from what was paid before"


class Finding(Record):
    """One finding. `field` is a JSON Pointer into the order; `expected` and `actual` are what each side says, as text.

    `evidence` says where each side stands, e.g. `{"contract": "K-100 line BOLT-M8", "history": "PO-77 of 2026-03-01"}`;
    `amount` is the money at stake in the order's currency, where it can be told.
    """

    code: Code
    severity: Severity
    field: str = ""
    expected: str = ""
    actual: str = ""
    message: str
    evidence: dict[str, Any] = {}
    amount: Number | None = None


def finding(code: Code, message: str, *, field: str = "", expected: object = "", actual: object = "", **more: Any) -> Finding:
    """A finding with its code's own severity; policy may change it afterwards (`Policy.judge`)."""
    return Finding(code=code, severity=code.severity, message=message, field=field, expected=str(expected), actual=str(actual), **more)
