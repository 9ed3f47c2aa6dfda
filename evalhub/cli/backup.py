"""`evalhub backup`, `evalhub restore` and `evalhub check-journal`: keeping the house, and proving it whole."""

import argparse
from pathlib import Path
from typing import Any

from evalhub.config import read_settings


def add_parsers(subparsers: Any) -> None:
    backup = subparsers.add_parser("backup", help="write a whole backup to a new folder while the application goes on")
    backup.add_argument("target", type=Path, metavar="TARGET")
    backup.add_argument("--with-secrets", action="store_true", help="include the key files; keep such a backup locked")
    backup.set_defaults(run=run_backup)
    restore = subparsers.add_parser("restore", help="read a backup into an empty place, on either database engine")
    restore.add_argument("source", type=Path, metavar="SOURCE")
    restore.add_argument("--anchors", type=Path, help="heads of the journal kept outside, to notice an old backup")
    restore.add_argument("--accept-older", action="store_true", help="restore although an anchor is newer")
    restore.set_defaults(run=run_restore)
    check = subparsers.add_parser("check-journal", help="recompute the journal's chain and compare it with its anchors")
    check.add_argument("--anchors", type=Path, help="heads kept outside; without, those of this installation")
    check.set_defaults(run=run_check)


def run_backup(options: argparse.Namespace) -> int:
    from evalhub.app import open_house  # the application is loaded only by commands that need it
    from evalhub.services.backup import write_backup

    house = open_house(read_settings())
    manifest = write_backup(house, options.target.resolve(), with_secrets=options.with_secrets)
    house.close()
    rows = sum(form["rows"] for form in manifest["tables"])
    print(f"{options.target}: {rows} rows, {manifest['files']} files, {_words_of_head(manifest['head'])}")
    return 0


def run_restore(options: argparse.Namespace) -> int:
    from evalhub.app import open_house  # not before the keys lie in their place
    from evalhub.infra.backup_folder import read_backup
    from evalhub.services.restoring import prepare_place, restore_backup

    settings = read_settings()
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    manifest = read_backup(options.source)
    prepare_place(settings, options.source, manifest)
    house = open_house(settings)
    anchors = options.anchors or settings.anchors_path
    restore_backup(house, options.source, manifest, anchors, accepts_older=options.accept_older)
    house.close()
    rows = sum(form["rows"] for form in manifest["tables"])
    print(f"{rows} rows, {manifest['files']} files, {_words_of_head(manifest['head'])}; the chain holds")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Status 1 where the chain or an anchor does not hold."""
    from evalhub.app import open_house
    from evalhub.infra.anchors import read_anchors
    from evalhub.services.anchoring import find_anchor_fault
    from evalhub.services.sealing import check_chain

    settings = read_settings()
    house = open_house(settings)
    anchors = read_anchors(options.anchors or settings.anchors_path)
    with house.database.read() as session:
        check = check_chain(session)
        fault = find_anchor_fault(session, anchors)
    house.close()
    print(
        f"{check.sealed} entries sealed, {check.unsealed} not yet, {len(anchors)} anchors; head {check.head or 'none'}"
    )
    if not check.holds:
        print(f"The chain breaks at entry {check.fault_position}: {check.fault}")
    if fault is not None:
        print(
            f"The anchor at entry {fault.anchor.position} is not in the chain ({fault.kind}); it ends at {fault.sealed}"
        )
    return 0 if check.holds and fault is None else 1


def _words_of_head(head: dict[str, Any] | None) -> str:
    return f"journal to entry {head['position']}, {head['hash']}" if head else "journal without seals"
