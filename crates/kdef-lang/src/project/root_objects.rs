//! The objects that `root.kdef` itself declares: namespaces and service accounts.

use kdef_source::{Code, Diagnostic};

use super::run::Run;
use crate::Block;
use crate::schema::blocks::NAMESPACE;

/// Adds the namespaces of a root: those that it only names as empty blocks, each name once. A block describes a name that
/// is listed too, by whichever root; a second block is an error.
pub(super) fn add_namespaces(run: &mut Run<'_>, root: &Block, namespaces: &mut Vec<Block>) {
    for name in root.list("namespaces").unwrap_or_default() {
        if namespaces.iter().all(|known| known.name() != &*name.value) {
            let mut listed = Block::new(&NAMESPACE, name.span);
            listed.push_label(name.clone());
            namespaces.push(listed);
        }
    }
    for namespace in root.children(NAMESPACE.kind) {
        let known = namespaces
            .iter_mut()
            .find(|known| known.name() == namespace.name());
        match known {
            None => namespaces.push(namespace.clone()),
            // What is only listed is its own label; a block begins with its kind.
            Some(listed) if listed.span() == listed.label_span(0) => *listed = namespace.clone(),
            Some(first) => {
                let problem = declared_twice("namespace", namespace, first);
                run.files.report(problem.with_hint("merge the two"));
            }
        }
    }
}

/// Adds the service accounts of a root, each name and namespace once.
pub(super) fn add_accounts(run: &mut Run<'_>, root: &Block, accounts: &mut Vec<Block>) {
    for account in root.children("service_account") {
        let is_same =
            |known: &&Block| known.name() == account.name() && known.namespace() == account.namespace();
        if let Some(first) = accounts.iter().find(is_same) {
            let problem = declared_twice("service account", account, first);
            run.files
                .report(problem.with_hint("keep one, or give them different namespaces"));
        } else {
            accounts.push(account.clone());
        }
    }
}

fn declared_twice(what: &str, block: &Block, first: &Block) -> Diagnostic {
    let message = format!("{what} `{}` is declared twice", block.name());
    Diagnostic::error(Code::DuplicateBlock, block.span(), message)
        .with_related(first.span(), "the first declaration")
}
