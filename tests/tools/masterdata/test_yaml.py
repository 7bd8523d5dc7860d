"""Policies and contracts in YAML: what is right is exact, what is wrong is one sentence with file, line and field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.errors import BadInput
from signoff.domain.findings import Code, Severity
from signoff.tools.masterdata import yaml_lines
from signoff.tools.masterdata.contracts import load_contracts
from signoff.tools.masterdata.policy import load_policy
from signoff.tools.masterdata.yaml_lines import load_yaml

HEAD = "version: 1\ndated: 2026-01-01\ncompany: {name: Cedarworks}\nbase_currency: EUR\n"
RULES = "approvals:\n  - name: All\n    steps:\n      - role: buyer\n"


def policy_file(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def refusal(path: Path) -> str:
    """The file that a refusal names, or nothing when the text is sound YAML."""
    try:
        load_yaml(path)
    except BadInput as error:
        return str(error)[: len(path.name)]
    return ""


def test_numbers_stay_as_written_and_off_is_a_word(tmp_path: Path) -> None:
    more = "fx: {table: [{since: 2026-01-01, rates: {NOK: 0.08510}}]}\nseverities: {contract_expiring: off}\n"
    policy = load_policy(policy_file(tmp_path, HEAD + RULES + more)).policy
    assert str(policy.fx.table[0].rates["NOK"]) == "0.08510"
    assert policy.dated == dt.date(2026, 1, 1)
    assert policy.severities == {Code.CONTRACT_EXPIRING: Severity.OFF}


def test_the_hash_follows_the_meaning_not_the_spelling(tmp_path: Path) -> None:
    plain = load_policy(policy_file(tmp_path, HEAD + RULES + "tolerances: {price_percent: 1.50}\n")).hash
    spaced = load_policy(policy_file(tmp_path, "# ours\n\ntolerances:\n  price_percent: '1.5'\n" + RULES + HEAD)).hash
    other = load_policy(policy_file(tmp_path, HEAD + RULES + "tolerances: {price_percent: 1.51}\n")).hash
    assert plain == spaced != other
    assert len(plain) == 64


WRONG = [
    (HEAD + RULES.replace("role", "rol"), "line 8: approvals[0].steps[0].rol: unknown key; did you mean 'role'?"),
    (HEAD + RULES.replace("buyer", "4100"), "line 8: approvals[0].steps[0].role: must be text; put it in quotes."),
    (HEAD + RULES.replace("    steps:\n      - role: buyer\n", ""), "line 6: approvals[0]: a rule has either steps or nobody: true."),
    (HEAD + RULES + "    when: {amount_abov: 1}\n", "line 9: approvals[0].when.amount_abov: unknown key; did you mean 'amount_above'?"),
    (HEAD + RULES + "    when: {amount_above: 1,000}\n", "line 9: approvals[0].when.000: unknown key"),
    (
        HEAD + RULES + "    when: {amount_above: much}\n",
        "line 9: approvals[0].when.amount_above: 'much' is not a number; write it like 1234.50.",
    ),
    (HEAD + RULES + "    when: {amount_above: .nan}\n", "line 9: approvals[0].when.amount_above: must be a number such as 1234.50."),
    (HEAD + RULES + "    when: {currencies: EUR}\n", "line 9: approvals[0].when.currencies: must be a list"),
    (
        HEAD + RULES + "severities:\n  contract_mising: info\n",
        "line 10: severities.contract_mising: 'contract_mising' is not one of the 45 known names",
    ),
    (HEAD + RULES + "severities: {split_order: warn}\n", "'warn' is not one of off, info, warning, blocking; did you mean 'warning'?"),
    (
        HEAD + RULES + "budgets:\n- {cost_center: a, year: x, amount: 1}\n",
        "line 10: budgets[0].year: 'x' is not a whole number; write it like 30.",
    ),
    (HEAD + RULES + "tolerances: {split_window_days: }\n", "line 9: tolerances.split_window_days: must not be empty."),
    (HEAD + "approvals: none\n", "line 5: approvals: must be a list, each entry starting with '- '."),
    (HEAD, "line 1: approvals: is missing."),
    (HEAD + RULES + "version: 1\n", "line 9: version is there twice, first on line 1; keep one."),
    (HEAD.replace("2026-01-01", "2026-02-30") + RULES, "line 2: dated: '2026-02-30' is not a valid date."),
    (HEAD.replace("2026-01-01", "0") + RULES, "line 2: dated: '0' is not a date; write it like 2026-11-30."),
    (HEAD.replace("2026-01-01", "soon") + RULES, "line 2: dated: 'soon' is not a date; write it like 2026-11-30."),
    (HEAD.replace("version: 1", "version: 2") + RULES, "line 1: version: '2' is not one of 1."),
    (HEAD.replace("EUR", "EURO") + RULES, "line 4: base_currency: 'EURO' does not have the form ^[A-Z]{3}$."),
    (HEAD.replace("EUR", "EUX") + RULES, "line 4: base_currency: 'EUX' is not a currency of ISO 4217; write it like EUR."),
    (HEAD + RULES + "fx: {table: [{since: 2026-01-01, rates: {USX: 1}}]}\n", "line 9: fx.table[0].rates.USX: 'USX' is not a currency"),
    (
        HEAD + RULES + "tolerances: !!python/object:os.system {}\n",
        "line 9: tolerances: the tag 'python/object:os.system' means nothing here; remove it.",
    ),
    (HEAD + RULES + "gates: {reviewers: !secret x}\n", "line 9: gates.reviewers: the tag '!secret' means nothing here; remove it."),
    ("a: [1\nb: 2\n", "not valid YAML"),
    ("a: &a [*a]\n", "anchor that contains itself"),
    ("? [a, b]\n: 1\n", "line 1: a key must be plain text."),
    ("- 1\n", "line 1: must be a group of 'key: value' lines."),
    ("# nothing\n", "policy.yaml is empty."),
    ("a: 1\n---\nb: 2\n", "not valid YAML"),
    ("[" * 5000, "policy.yaml is nested too deeply to be read."),
    ("- " * 5000, "policy.yaml is nested too deeply to be read."),
    ("a: \x01", "not valid YAML"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG, ids=[w[1][:60] for w in WRONG])
def test_what_is_wrong_is_said_with_line_and_field(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as error:
        load_policy(policy_file(tmp_path, text))
    assert str(error.value).startswith("policy.yaml")
    assert sentence in str(error.value)


def test_only_the_first_problems_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        load_policy(policy_file(tmp_path, HEAD + RULES + "".join(f"x{i}: 1\n" for i in range(8))))
    assert str(error.value).count("policy.yaml, line") == 5
    assert str(error.value).endswith("; and 3 more.")


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^policy.yaml cannot be read: No such file or directory\.$"):
        load_policy(tmp_path / "policy.yaml")
    (tmp_path / "policy.yaml").write_bytes(b"company: \xff\xfe")
    with pytest.raises(BadInput, match="not UTF-8"):
        load_policy(tmp_path / "policy.yaml")


def test_a_small_file_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_lines, "MAX_VALUES", 5_000)
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9))
    with pytest.raises(BadInput, match="too many values"):
        load_policy(policy_file(tmp_path, bomb))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%@#, \n\t0129.~<=\x85é", max_size=40))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assert refusal(policy_file(tmp_path_factory.getbasetemp(), text)) in ("", "policy.yaml")


CONTRACT = """\
contract_id: K-1
vendor_id: V-1
starts: 2026-01-01
ends: 2026-12-31
currency: EUR
prices:
  - supplier_item_id: "0815"
    unit: EA
    price: 0.120
    tiers:
      - {from_quantity: 100, price: 0.11}
      - {from_quantity: 1000, price: 0.10}
    units: {BX: 50}
"""


class TestContracts:
    def write(self, folder: Path, name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def test_a_file_and_a_folder_with_a_list(self, tmp_path: Path) -> None:
        one = self.write(tmp_path, "one.yaml", CONTRACT)
        indented = "".join(f"    {line}\n" for line in CONTRACT.replace("K-1", "K-2").splitlines())
        self.write(tmp_path, "more/two.yml", "contracts:\n  -\n" + indented)
        self.write(tmp_path, "more/notes.txt", "not a contract")
        contracts = load_contracts([one, tmp_path])
        assert [c.contract_id for c in contracts] == ["K-1", "K-2"]
        assert (str(contracts[1].prices[0].price), contracts[1].prices[0].units) == ("0.120", {"BX": Decimal(50)})

    def test_clauses_keep_their_words_and_their_page(self, tmp_path: Path) -> None:
        words = "clauses:\n  - number: '4.2'\n    heading: Rebate\n    page: 2\n    text: |\n      A rebate of\n      3 % is granted.\n"
        (clause,) = load_contracts([self.write(tmp_path, "k.yaml", CONTRACT + words)])[0].clauses
        assert (clause.number, clause.heading, clause.page) == ("4.2", "Rebate", 2)
        assert clause.text == "A rebate of\n3 % is granted.\n"

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("1000, price", "100, price", "line 12: prices[0].tiers[1].from_quantity: 100 is not above the tier before it (100)"),
            ("EUR", "EUX", "line 5: currency: 'EUX' is not a currency of ISO 4217"),
            ("2026-12-31", "2025-12-31", "line 1: ends (2025-12-31) lies before starts (2026-01-01)"),
            ("    unit: EA\n", "", "line 7: prices[0].unit: is missing"),
            ("unit: EA", "unit: EA\n    minimum: 10\n    maximum: 5", "prices[0].maximum: 5 is below the minimum (10)"),
            ("unit: EA", "unit: EA\n    multiple: 0", "line 9: prices[0].multiple: must be above 0, or left out, but is 0"),
            ('"0815"', "0815", "line 7: prices[0].supplier_item_id: must be text; put it in quotes"),
            ("currency", "contracts: []\ncurrency", "line 1: contract_id: a file with 'contracts:' holds a list"),
            (CONTRACT, "just words", "line 1: a contract starts with 'contract_id: ...'"),
            (CONTRACT, "contracts: [{}]", "line 1: contracts[0].contract_id: is missing"),
        ],
    )
    def test_what_is_wrong_is_said(self, tmp_path: Path, old: str, new: str, sentence: str) -> None:
        with pytest.raises(BadInput) as error:
            load_contracts([self.write(tmp_path, "k.yaml", CONTRACT.replace(old, new))])
        assert sentence in str(error.value)

    def test_the_same_id_twice_names_both_places(self, tmp_path: Path) -> None:
        paths = [self.write(tmp_path, f"{n}/k.yaml", "# x\n" * n + CONTRACT) for n in (1, 2)]
        with pytest.raises(
            BadInput, match=r"2/k.yaml, line 3: contract_id: 'K-1' is there twice, first in .*1/k.yaml, line 2; keep one\.$"
        ):
            load_contracts(paths)

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match=r"holds no \.yaml file"):
            load_contracts([tmp_path])
