//! Service accounts: which are used where, and that those are declared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Spanned, nearest};

use crate::Block;
use crate::schema::blocks::{SERVICE_ACCOUNT, manifest_is};

/// The declarations by name.
type Declared<'a> = BTreeMap<&'a str, Vec<&'a Block>>;

/// Where a root declares any service account, what workloads use must be declared, for their namespace: by a root, or by
/// what makes the account.
pub(super) fn check(blocks: &[Block], accounts: &[Block], diagnostics: &mut Vec<Diagnostic>) {
    if accounts.is_empty() {
        return;
    }
    let made = blocks.iter().filter(|block| makes_account(block));
    if made
        .clone()
        .any(|block| !block.has_name() || block.is_lost("namespace"))
    {
        // It could be any.
        return;
    }
    let made: BTreeSet<(&str, Option<&str>)> = made
        .map(|account| (account.name(), account.namespace()))
        .collect();
    let declared = by_name(accounts);
    for block in blocks {
        let Some(name) = account_of(block).filter(|_| !block.is_lost("namespace")) else {
            continue;
        };
        if made.contains(&(name, block.namespace()))
            || declaration(&declared, name, block.namespace()).is_some()
        {
            continue;
        }
        let problem = Diagnostic::error(
            Code::UnknownServiceAccount,
            block.span_of("service_account"),
            format!(
                "the service account of {} `{}` is not declared",
                block.kind(),
                block.name()
            ),
        );
        diagnostics.push(match declared.get(name).and_then(|named| named.first()) {
            Some(scoped) => problem
                .with_related(scoped.span_of("namespace"), "declared for this namespace only")
                .with_hint("declare it for the workload's namespace too, or without `namespace`"),
            None => problem
                .with_suggestion(nearest(name, declared.keys().copied()))
                .with_hint("declare it in root.kdef with a block `service_account`"),
        });
    }
}

/// Returns the declarations that make objects: one for each account and namespace that a workload uses, with the
/// namespace set, in the order of use.
pub(crate) fn used_accounts(blocks: &[Block], accounts: &[Block]) -> Vec<Block> {
    let mut seen: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
    let mut used = Vec::new();
    let declarations = by_name(accounts);
    for block in blocks {
        let namespace = block.namespace();
        let Some(name) = account_of(block) else { continue };
        if !seen.insert((name, namespace)) {
            continue;
        }
        if let Some(declared) = declaration(&declarations, name, namespace) {
            let mut account = declared.clone();
            if let Some(namespace) = namespace {
                let place = block.span_of("namespace");
                account.set_default_text("namespace", &Spanned::new(Arc::from(namespace), place));
            }
            used.push(account);
        }
    }
    used
}

fn makes_account(block: &Block) -> bool {
    block.schema().is(&SERVICE_ACCOUNT) || manifest_is(block, "ServiceAccount")
}

fn account_of(block: &Block) -> Option<&str> {
    block
        .schema()
        .attribute("service_account")
        .and_then(|_| block.text("service_account"))
}

fn by_name(accounts: &[Block]) -> Declared<'_> {
    let mut declared = Declared::new();
    for account in accounts {
        declared.entry(account.name()).or_default().push(account);
    }
    declared
}

/// Returns the declaration that is for a namespace, else the one for all.
fn declaration<'a>(declared: &Declared<'a>, name: &str, namespace: Option<&str>) -> Option<&'a Block> {
    let named = declared.get(name)?;
    let for_namespace = |account: &&&Block| {
        account
            .text("namespace")
            .is_some_and(|scope| Some(scope) == namespace)
    };
    let general = || named.iter().find(|account| !account.is_set("namespace"));
    named.iter().find(for_namespace).or_else(general).copied()
}
