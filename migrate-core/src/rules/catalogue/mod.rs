//! Every rule, in the order of the catalogue.
//!
//! A new rule is a file here with its metadata and check, one of the same name with its documentation and examples, and
//! a line in the table.

mod prelude;

use super::Rule;

pub(super) use drop_column::left_behind;
pub(super) use drop_table::orphaned;
pub(super) use prelude::new_parents;
pub(super) use sqlite_drop_column_fails::undroppable;

macro_rules! rules {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// Every rule.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    add_column_default_rewrite
    add_column_volatile_default
    add_column_serial
    add_column_identity
    add_column_generated_stored
    add_column_constrained_domain
    add_column_not_null_no_default
    add_column_inline_check
    add_column_inline_fk
    fk_locks_parent
    multiple_fk_one_migration
    add_column_inline_unique
    alter_column_type_rewrite
    alter_column_type_index_rebuild
    alter_column_type_constraint_recheck
    set_not_null_scan
    add_check_validated
    add_fk_validated
    validate_same_transaction
    add_unique_constraint
    add_primary_key
    add_primary_key_nullable
    add_exclusion_constraint
    alter_domain_add_constraint
    create_index_not_concurrent
    drop_index_not_concurrent
    reindex_not_concurrent
    concurrently_in_transaction
    concurrently_on_partitioned
    attach_partition_scan
    detach_partition_not_concurrent
    create_partition_locks_parent
    refresh_matview_blocking
    table_rewrite_command
    table_rewrite_option
    truncate_table
    create_trigger_lock
    disable_trigger
    drop_fk_locks_parent
    explicit_lock
    whole_table_write
    drop_column
    drop_table
    drop_view
    drop_function
    drop_sequence
    drop_type
    drop_schema
    rename_column
    rename_table
    rename_schema
    rename_view
    rename_type
    rename_enum_value
    set_schema
    drop_default
    drop_not_null
    drop_unique
    add_column_select_star
    enable_rls
    revoke_privilege
    create_rule
    enum_add_value_in_transaction
    opaque_dynamic_sql
    opaque_statement
    uncommitted_transaction
    unsupported_in_version
    if_not_exists_masks_drift
    multiple_access_exclusive
    statement_while_holding_access_exclusive
    mysql_alter_copy
    mysql_varchar_length_byte
    mysql_enum_reorder
    mysql_add_foreign_key
    mysql_convert_charset
    mysql_lock_clause
    mysql_algorithm_copy
    mysql_modify_drops_attributes
    mysql_ddl_implicit_commit
    mysql_implicit_default
    mysql_alter_rebuild
    sqlite_foreign_keys_pragma_in_transaction
    sqlite_rebuild_order
    sqlite_add_column_fails
    sqlite_drop_column_fails
    sqlite_rewrite
    sqlite_foreign_type
    drop_before_backfill
    set_not_null_before_backfill
    unique_before_backfill
    sync_without_unsync
    rollback_loses_data
    contract_overdue
    style_json
    style_small_key
    style_serial
    style_char
    style_money
    style_timestamp
    style_no_primary_key
    style_fk_without_index
    style_long_name
}
