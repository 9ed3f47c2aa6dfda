"""What a refusal says: one sentence per code of domain and services, with what happened and what to do."""

from typing import Any

from flask_babel import lazy_gettext as _l

from evalhub.web.allocation_sentences import ALLOCATION_SENTENCES
from evalhub.web.plan_sentences import PLAN_SENTENCES
from evalhub.web.pool_sentences import POOL_SENTENCES
from evalhub.web.upload_sentences import UPLOAD_SENTENCES

SENTENCES = POOL_SENTENCES | {
    "invalid": _l("Some entries cannot be taken. Each one is marked below; nothing has been written yet."),
    "missing": _l("There is no such page, or it is not for this account."),
    "stale": _l("Not saved. Somebody changed this record after you opened it."),
    "key_used_for_other_body": _l("This form was sent before with other entries. Reload the page and enter it again."),
    "http.400": _l("The request could not be read, or its form is too old. Reload the page and send it again."),
    "http.403": _l("This account may not do that."),
    "http.404": _l("There is no such page, or it is not for this account."),
    "http.405": _l("There is no such page, or it is not for this account."),
    "http.413": _l("The upload is larger than this page takes. Nothing was kept."),
    "http.429": _l("Too many attempts. Wait a few minutes and try again."),
    "http.500": _l("Something went wrong on our side; nothing was changed. Try again, and report it if it recurs."),
    "http.503": _l("This cannot be served right now because its access record could not be written. Try again."),
    "no_role": _l("This account may not do that."),
    "same_person": _l("The person who made or submitted this cannot decide on it. Ask a colleague."),
    "move.not_allowed": _l("That step is not possible in the present state. Reload the page to see where it stands."),
    "field.required": _l("Fill this in."),
    "seat.nobody_to_invite": _l("Everybody of this panel has been invited already."),
    "seat.reply_too_late": _l("The time to answer is over; the next reserve has been called."),
    "seat.undertaking_changed": _l("The words of the undertaking have changed. Reload the page and read them again."),
    "seat.undertaking_first": _l("The undertaking comes first. Reload the page to read it."),
    "seat.suspended": _l("This seat is suspended because a conflict of interest was found."),
    "sheet.incomplete": _l("The sheet is not complete. Each missing line is named below; nothing was handed in."),
    "sheet.not_open_yet": _l("Scoring has not begun, or is over, for this task."),
    "sheet.deadline_over": _l("The deadline for scores has passed. What you saved before is kept; ask the bureau."),
    "sheet.handed_in": _l("This sheet has been handed in and cannot be changed."),
    "sheet.unknown_line": _l("The sheet holds a line that is not in the framework: %(line)s."),
    "sheet.out_of_range": _l("A score lies outside its line. Scores go from 0 to the points of the line."),
    "points.not_a_number": _l("A score is a number."),
    "points.negative": _l("A score is not negative."),
    "points.too_many_decimals": _l("A score has at most two decimals."),
    "points.out_of_range": _l("A score lies between 0 and the points of its line."),
    "text.too_long": _l("This text is too long."),
    "line.missing_leaf": _l("no score"),
    "line.unknown_leaf": _l("not in the framework"),
    "line.not_a_leaf": _l("only the lowest level is scored"),
    "line.nothing_applicable": _l("at least one line must apply"),
    "line.score_and_not_applicable": _l("either a score or n/a"),
    "line.not_applicable_refused": _l("n/a is not allowed here"),
    "line.out_of_range": _l("outside the points of the line"),
    "line.reason_missing": _l("reason missing"),
    "line.evidence_missing": _l("place missing"),
    "panel.sheets_missing": _l("%(missing)s of %(wanted)s sheets are not in yet, and the deadline is not over."),
    "panel.source_without_sheet": _l("No sheet has come from this source: %(source)s. A source is never skipped."),
    "result.not_the_newest": _l("A newer version of this result stands. Open that one."),
    "result.below_quorum": _l("Too few sheets for a result. It cannot be put to the unit."),
    "result.other_approver": _l("This task has another approver. Its approver or deputy signs."),
    "finding.letter_out": _l("The letter is out; findings cannot be changed any more."),
    "finding.not_disputed": _l("This finding is not disputed, or the hearing is over."),
    "hearing.not_open": _l("The hearing is not open, or has been answered."),
    "hearing.days_over": _l("The days to answer are over."),
    "hearing.unanswered": _l("%(left)s findings have no answer yet. Nothing is assumed for you."),
    "hearing.disputes_open": _l("%(undecided)s disputes have no decision yet."),
    "hearing.still_open": _l("The unit may answer until %(due_on)s. The result cannot be signed before."),
    "conflict.law_has_no_waiver": _l("Rule %(rule)s is law: nobody waives it."),
    "rule.law_only_lengthened": _l(
        "Rule %(rule)s is law: its window may only be lengthened, not below %(least)s months."
    ),
    "rule.law_always_on": _l("Rule %(rule)s is law: it is always on."),
    "rule.unknown": _l("There is no rule %(rule)s."),
    "rule.negative_window": _l("A window cannot be negative."),
    "allocation.seed_hexadecimal": _l("8 to 64 hexadecimal digits, an even number of them."),
    "allocation.weights_range": _l("The weights together must be 100 per cent, and none is negative."),
    "allocation.no_policy_proposed": _l("No policy has been proposed."),
    "allocation.round_not_approved": _l("The round is not approved yet. Approve it before the first run."),
    "allocation.policy_not_fixed": _l(
        "Seed, weights and rules of this round are not fixed yet. The approver fixes them."
    ),
    "allocation.run_under_way": _l("A run of this kind is under way. Wait for it or cancel it."),
    "allocation.run_over": _l("This run is over."),
    "allocation.run_without_result": _l("This run has no result to plan from."),
    "seat_plan.already_submitted": _l("A plan of this round waits for approval. Withdraw it first."),
    "seat_plan.already_approved": _l("A plan of this round is approved; its seats exist."),
    "seat_plan.not_a_draft": _l("Only a draft can be changed."),
    "seat_plan.rule_broken": _l("Not seated: these rules stand against it: %(rules)s."),
    "seat_plan.conflict_since": _l("Since the run a conflict has become known (%(rules)s). Run the allocation again."),
    "password.short": _l("At least 10 characters are needed."),
    "password.long": _l("At most 128 characters are allowed."),
    "password.few_kinds": _l("Use three of these kinds: small letters, capitals, digits, other signs."),
    "password.holds_name": _l("The password must not hold the account name."),
    "password.used_before": _l("This password was used before. The last five are not used again."),
    "password.differs": _l("The two entries differ."),
    "password.wrong": _l("The present password is not right."),
    "roles.administrator_alone": _l("An administrator holds one role and no other."),
    "roles.supervisor_alone": _l("A supervisor only reads and holds no other role."),
    "roles.bureau_apart": _l("Bureau roles and outside roles never meet in one account."),
    "account.name_taken": _l("This account name is in use. Choose another."),
    "account.own_role": _l("Nobody grants roles to himself."),
    "code.wrong": _l("The code is not right or has been used. Wait for the next one and try again."),
    "activation.unknown": _l("This activation code is unknown, used or expired. Ask the bureau for a new one."),
}

SENTENCES |= ALLOCATION_SENTENCES | PLAN_SENTENCES | UPLOAD_SENTENCES


def sentence(code: str, **figures: Any) -> str:
    """The sentence of a code in the reader's language; a code without a sentence is a fault that a test finds."""
    return str(SENTENCES[code]) % figures if figures else str(SENTENCES[code])
