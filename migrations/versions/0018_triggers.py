"""Triggers: what the database itself refuses to change."""

from alembic import op

revision = "0018"
down_revision = "0017"

SQLITE = (
    "CREATE TRIGGER tr_journal_entries_no_update BEFORE UPDATE ON journal_entries BEGIN SELECT RAISE(ABORT, 'journal_entries.frozen'); END",
    "CREATE TRIGGER tr_journal_entries_no_delete BEFORE DELETE ON journal_entries BEGIN SELECT RAISE(ABORT, 'journal_entries.frozen'); END",
    "CREATE TRIGGER tr_journal_seals_no_update BEFORE UPDATE ON journal_seals BEGIN SELECT RAISE(ABORT, 'journal_seals.frozen'); END",
    "CREATE TRIGGER tr_journal_seals_no_delete BEFORE DELETE ON journal_seals BEGIN SELECT RAISE(ABORT, 'journal_seals.frozen'); END",
    "CREATE TRIGGER tr_sheet_editions_no_update BEFORE UPDATE ON sheet_editions BEGIN SELECT RAISE(ABORT, 'sheet_editions.frozen'); END",
    "CREATE TRIGGER tr_sheet_editions_no_delete BEFORE DELETE ON sheet_editions BEGIN SELECT RAISE(ABORT, 'sheet_editions.frozen'); END",
    "CREATE TRIGGER tr_report_versions_no_update BEFORE UPDATE ON report_versions BEGIN SELECT RAISE(ABORT, 'report_versions.frozen'); END",
    "CREATE TRIGGER tr_report_versions_no_delete BEFORE DELETE ON report_versions BEGIN SELECT RAISE(ABORT, 'report_versions.frozen'); END",
    "CREATE TRIGGER tr_framework_editions_tree_frozen BEFORE UPDATE ON framework_editions WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.framework_id IS NOT OLD.framework_id OR NEW.edition IS NOT OLD.edition OR NEW.tree IS NOT OLD.tree OR NEW.content_hash IS NOT OLD.content_hash OR NEW.leaf_count IS NOT OLD.leaf_count) BEGIN SELECT RAISE(ABORT, 'framework_editions.frozen'); END",
    "CREATE TRIGGER tr_framework_editions_no_delete BEFORE DELETE ON framework_editions WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'framework_editions.frozen'); END",
)

SQLITE_DOWN = (
    "DROP TRIGGER tr_journal_entries_no_update",
    "DROP TRIGGER tr_journal_entries_no_delete",
    "DROP TRIGGER tr_journal_seals_no_update",
    "DROP TRIGGER tr_journal_seals_no_delete",
    "DROP TRIGGER tr_sheet_editions_no_update",
    "DROP TRIGGER tr_sheet_editions_no_delete",
    "DROP TRIGGER tr_report_versions_no_update",
    "DROP TRIGGER tr_report_versions_no_delete",
    "DROP TRIGGER tr_framework_editions_tree_frozen",
    "DROP TRIGGER tr_framework_editions_no_delete",
)

POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION evalhub_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$""",
    "CREATE TRIGGER tr_journal_entries_no_update BEFORE UPDATE ON journal_entries FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('journal_entries.frozen')",
    "CREATE TRIGGER tr_journal_entries_no_delete BEFORE DELETE ON journal_entries FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('journal_entries.frozen')",
    "CREATE TRIGGER tr_journal_seals_no_update BEFORE UPDATE ON journal_seals FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('journal_seals.frozen')",
    "CREATE TRIGGER tr_journal_seals_no_delete BEFORE DELETE ON journal_seals FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('journal_seals.frozen')",
    "CREATE TRIGGER tr_sheet_editions_no_update BEFORE UPDATE ON sheet_editions FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('sheet_editions.frozen')",
    "CREATE TRIGGER tr_sheet_editions_no_delete BEFORE DELETE ON sheet_editions FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('sheet_editions.frozen')",
    "CREATE TRIGGER tr_report_versions_no_update BEFORE UPDATE ON report_versions FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('report_versions.frozen')",
    "CREATE TRIGGER tr_report_versions_no_delete BEFORE DELETE ON report_versions FOR EACH ROW EXECUTE FUNCTION evalhub_refuse_change('report_versions.frozen')",
    "CREATE TRIGGER tr_framework_editions_tree_frozen BEFORE UPDATE ON framework_editions FOR EACH ROW WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.framework_id::text IS DISTINCT FROM OLD.framework_id::text OR NEW.edition::text IS DISTINCT FROM OLD.edition::text OR NEW.tree::text IS DISTINCT FROM OLD.tree::text OR NEW.content_hash::text IS DISTINCT FROM OLD.content_hash::text OR NEW.leaf_count::text IS DISTINCT FROM OLD.leaf_count::text)) EXECUTE FUNCTION evalhub_refuse_change('framework_editions.frozen')",
    "CREATE TRIGGER tr_framework_editions_no_delete BEFORE DELETE ON framework_editions FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION evalhub_refuse_change('framework_editions.frozen')",
)

POSTGRESQL_DOWN = (
    "DROP TRIGGER tr_journal_entries_no_update ON journal_entries",
    "DROP TRIGGER tr_journal_entries_no_delete ON journal_entries",
    "DROP TRIGGER tr_journal_seals_no_update ON journal_seals",
    "DROP TRIGGER tr_journal_seals_no_delete ON journal_seals",
    "DROP TRIGGER tr_sheet_editions_no_update ON sheet_editions",
    "DROP TRIGGER tr_sheet_editions_no_delete ON sheet_editions",
    "DROP TRIGGER tr_report_versions_no_update ON report_versions",
    "DROP TRIGGER tr_report_versions_no_delete ON report_versions",
    "DROP TRIGGER tr_framework_editions_tree_frozen ON framework_editions",
    "DROP TRIGGER tr_framework_editions_no_delete ON framework_editions",
    "DROP FUNCTION evalhub_refuse_change()",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
