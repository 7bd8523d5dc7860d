"""`signoff contracts`: import, review, confirm, drop, list, show and search what was agreed with vendors."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from signoff.app.signing_in import acting, signed_in
from signoff.app.terminal import console, print_json
from signoff.app.workspace import Workspace, opened
from signoff.domain.errors import BadInput
from signoff.domain.proposal import Choices, Proposal, ProposalStatus

contracts_app = typer.Typer(no_args_is_help=True, help="Contracts: from papers to terms that hold, and what they say.")

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
As = Annotated[str, typer.Option("--as", help="Who confirms: a person id, name or e-mail of people.csv.")]
Paper = Annotated[str, typer.Argument(help="An imported paper: A7, its file's name, or its own number.", metavar="CONTRACT")]


@contracts_app.command("import")
def import_papers(
    paths: Annotated[
        list[Path], typer.Argument(help="YAML, PDF, Word, text, HTML, price lists (XLSX, ODS, CSV), or folders.", metavar="PATH...")
    ],
    contract: Annotated[
        str | None, typer.Option("--contract", help="The contract on file that these papers change, such as a price list's.")
    ] = None,
    as_: Annotated[str | None, typer.Option("--as", help="Who imports it; must be said where people sign in.")] = None,
    workspace: W = None,
) -> None:
    """Take contracts in: YAML holds at once, what is read of papers waits until a person confirms it."""
    from signoff.app.contract_import import import_contracts

    with opened(workspace) as w:
        done = import_contracts(w, paths, acting(w, as_, "write", "contracts"), contract)
        history = w.store.past.has_history()
    out = console()
    if done.contracts:
        hint = " Import the history again, so that it counts towards their caps." if history else ""
        out.print(f"{len(done.contracts)} contracts imported.{hint}")
    for number in done.unamended:
        out.print(f"{number} was amended before; its amendments ended with this import.", markup=False)
    for path, known in done.known:
        out.print(f"{path} was imported before, as {_standing(known)}.", markup=False)
    for proposal in done.new:
        read = proposal.agreement
        found = f"{len(read.terms)} terms, {len(read.prices)} prices in {len(read.clauses)} clauses"
        out.print(f"{proposal.name}: {read.source}: {found}" + (f"; {len(read.notices)} doubts" if read.notices else ""), markup=False)
    if done.new:
        out.print("Nothing of these holds yet. Next:  signoff contracts review --as PERSON")
    for sentence in done.failed:
        sys.stderr.write(f"signoff: {sentence}\n")
    if done.failed:
        raise typer.Exit(1)


def _standing(proposal: Proposal) -> str:
    if proposal.status is ProposalStatus.CONFIRMED:
        return f"{proposal.name}, and holds as {proposal.contract_id}"
    return f"{proposal.name}, and waits for a person"


@contracts_app.command()
def review(
    as_: As,
    contract: Annotated[str | None, typer.Argument(help="One paper: A7, its file's name, or its number.", metavar="[CONTRACT]")] = None,
    workspace: W = None,
) -> None:
    """Walk through the papers that wait, term by term, with the words of the paper beside each."""
    from signoff.app.contract_review import review_contracts

    with opened(workspace) as w:
        acting(w, as_, "confirm", "contracts")
        waiting = w.store.agreements.listed(ProposalStatus.PROPOSED)
        review_contracts(w.services, signed_in(w, as_), [_called(w, contract)] if contract else waiting)


@contracts_app.command()
def confirm(  # noqa: PLR0913 - one flag for each thing that can be done with a term
    contract: Paper,
    as_: As,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Another value than the paper's: ends=2027-12-31; repeatable.")] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="A field that shall not hold: rebate, prices/3; repeatable.")] = None,
    accept: Annotated[list[str] | None, typer.Option("--accept", help="A field that holds as read: ends, prices; repeatable.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Accept every field that is not named.")] = False,
    all_prices: Annotated[bool, typer.Option("--replace-prices", help="These prices stand in place of all earlier ones.")] = False,
    workspace: W = None,
) -> None:
    """Confirm what was read of a paper, so that it holds; without --all only what is accepted or set."""
    from signoff.graph import agreements

    changed = dict(_setting(text) for text in set_ or ())
    choices = Choices(accepted=tuple(accept or ()), changed=changed, dropped=tuple(drop or ()), everything=all_, all_prices=all_prices)
    if not (all_ or accept or changed):
        raise BadInput("Say what holds: --all, --accept FIELD, or --set FIELD=VALUE.")
    with opened(workspace) as w:
        person = acting(w, as_, "confirm", "contracts")
        done = agreements.confirm(w.services, _called(w, contract), choices, person)
    amendment = f" as amended by {done.amendment.amendment_id} from {done.amendment.since} on" if done.amendment else ""
    told = f"{len(done.said.values)} terms and {len(done.said.prices)} prices confirmed"
    console().print(f"{done.contract.contract_id} holds{amendment}: {told}.", markup=False)


def _setting(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not value.strip():
        raise BadInput(f"--set {text} says no value; write it like --set ends=2027-12-31, or leave the field out with --drop {field}.")
    return field.strip(), value.strip()


@contracts_app.command("drop")
def drop_paper(
    contract: Paper,
    as_: As,
    note: Annotated[str, typer.Option(help="Why; stands in the record.")] = "",
    workspace: W = None,
) -> None:
    """Put a paper aside that shall not hold; imported again, it waits again."""
    from signoff.graph import agreements

    with opened(workspace) as w:
        person = acting(w, as_, "confirm", "contracts")
        proposal = _called(w, contract)
        agreements.drop(w.services, proposal, person, note)
    console().print(f"{proposal.name} was dropped.")


@contracts_app.command("list")
def list_contracts(workspace: W = None, json: J = False) -> None:
    """List the contracts with their terms of today, and the papers that wait."""
    from signoff.app.contract_view import list_table, listed

    with opened(workspace) as w:
        rows = listed(w.store, w.settings.now().date())
    if json:
        print_json(rows)
    elif rows:
        console().print(list_table(rows))
    else:
        console().print("There are no contracts yet; take some in with: signoff contracts import PATH")


@contracts_app.command()
def show(
    contract: Annotated[str, typer.Argument(help="A contract's number, or an imported paper: A7.", metavar="CONTRACT")],
    on: Annotated[dt.datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="In the version of another day than today.")] = None,
    workspace: W = None,
    json: J = False,
) -> None:
    """Show what a contract says on a day, where each term was read, and what was spent; of a paper that waits, what was read."""
    from signoff.app import contract_view

    with opened(workspace) as w:
        day = on.date() if on else w.settings.now().date()
        known = w.store.masters.contract(contract)
        if known is None:
            _show_proposal(w, _called(w, contract), json)
        elif json:
            print_json(contract_view.contract_json(w.store, known, day))
        else:
            out = console()
            for line in contract_view.contract_lines(w.store, known, day):
                out.print(line)


def _show_proposal(w: Workspace, proposal: Proposal, json: bool) -> None:
    from signoff.app import contract_view
    from signoff.graph.agreements import offered

    offers = offered(w.services, proposal)
    if json:
        print_json(proposal.model_dump(mode="json") | {"name": proposal.name, "offers": [o.model_dump(mode="json") for o in offers]})
        return
    out, read = console(), proposal.agreement
    out.print(f"[bold]{proposal.name}[/bold]  {contract_view.words(read.source)}: {proposal.status}" + _by(proposal))
    for notice in read.notices:
        out.print(f"[yellow]{contract_view.words(notice)}[/yellow]")
    for offer in offers:
        for line in contract_view.offer_lines(read, offer):
            out.print(line)
    if read.prices:
        old = contract_view.prices_before(w.store, next((o.value for o in offers if o.field == "amends"), None), w.settings.now().date())
        out.print(contract_view.offered_prices(read, old))
        out.print(contract_view.counted(read, old))


def _by(proposal: Proposal) -> str:
    return f" by {proposal.settled_by}" if proposal.settled_by else ""


@contracts_app.command()
def search(
    words: Annotated[
        list[str], typer.Argument(help="What to look for; a phrase in quotes: '\"limitation of liability\" cap'.", metavar="WORDS")
    ],
    most: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many clauses at most.")] = 20,
    workspace: W = None,
    json: J = False,
) -> None:
    """Search the clauses of all contracts, those that hold and those that wait, the best first."""
    from signoff.app.contract_view import hits_table

    with opened(workspace) as w:
        found = w.store.agreements.search(" ".join(words), most)
    out = console()
    if json:
        print_json([asdict(hit) | {"snippet": hit.snippet.replace("\x02", "**").replace("\x03", "**")} for hit in found])
    elif found:
        out.print(hits_table(found, out.is_terminal))
    else:
        out.print("No clause of any contract has these words.")


def _called(w: Workspace, word: str) -> Proposal:
    from signoff.graph.agreements import proposal_called

    return proposal_called(w.store, word)
