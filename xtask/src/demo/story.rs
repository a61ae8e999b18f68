//! The chapters of the demo, in order.

use anyhow::{Context, Result, ensure};
use testbed::{Change, wait_for};

use super::show::{command, heading, output, say};
use super::{Demo, NAMESPACE, PATIENCE, kdef};
use crate::run;

const RELEASES: [&str; 2] = ["platform-staging", "platform-production"];

/// Tells everything.
pub(super) fn tell(demo: &Demo) -> Result<()> {
    check_at_the_desk()?;
    demo.deploy()?;
    demo.roll_out_and_prune()?;
    demo.break_and_repair()
}

impl Demo {
    fn deploy(&self) -> Result<()> {
        heading("Point Flux at the repository, and one KdefRelease at each environment");
        let shop = run::root().join("examples/shop");
        let revision = self.repository.commit_dir(&shop, "Add the shop")?;
        say(&format!(
            "Committed examples/shop to {}: {revision}",
            self.repository.url()
        ));
        let source = std::fs::read_to_string(shop.join("flux/gitrepository.yaml"))?;
        self.apply(
            "gitrepository.yaml",
            &source.replace("https://github.com/example/platform.git", self.repository.url()),
        )?;
        self.apply(
            "kdefreleases.yaml",
            &std::fs::read_to_string(shop.join("flux/kdefreleases.yaml"))?,
        )?;
        self.applied(&revision)?;
        self.kubectl("get kdefreleases -n flux-system")?;
        self.kubectl("wait --for=condition=Available deployments --all -n shop-production --timeout=120s")?;
        self.kubectl("get deployments,ingresses --all-namespaces -l app.kubernetes.io/managed-by=kdef")
    }

    fn roll_out_and_prune(&self) -> Result<()> {
        heading("Push a new revision: a new image, and one application less");
        let images = example("images.kdef")?.replace("storefront:3.4.0", "storefront:3.5.0");
        let mailer = example("apps/mailer/app.kdef")?;
        let (mailer, _) = mailer
            .split_once("\nif {")
            .context("examples/shop/apps/mailer has no if block")?;
        let changes = [
            Change::Write("images.kdef", images.as_bytes()),
            Change::Write("apps/mailer/app.kdef", mailer.as_bytes()),
        ];
        self.push(&changes, "Raise the storefront to 3.5.0, drop the mail catcher")?;
        self.kubectl("get kdefreleases -n flux-system")?;
        self.kubectl("rollout status deployment/storefront -n shop-production --timeout=120s")?;
        self.kubectl("get deployments -n shop-production storefront -o wide")?;
        say("\nThe mail catcher left the render, so its Deployment and Service left the cluster:");
        self.kubectl("get deployments,services -n shop-staging")?;
        self.kubectl(
            "get events -n flux-system --field-selector involvedObject.name=platform-staging \
             -o custom-columns=REASON:.reason,MESSAGE:.message",
        )
    }

    fn break_and_repair(&self) -> Result<()> {
        heading("Break a file");
        let path = "apps/cart/app.kdef";
        let good = example(path)?;
        let broken = good.replace("image(\"cart\")", "image(\"crat\")");
        let revision = self
            .repository
            .commit_changes(&[Change::Write(path, broken.as_bytes())], "Misspell an image")?;
        self.cluster.reconcile("gitrepository", NAMESPACE, "platform")?;
        say(&format!(
            "Committed {revision}, which names an image that does not exist."
        ));
        for release in RELEASES {
            let wait = self.cluster.wait_for_condition(
                "kdefrelease",
                NAMESPACE,
                release,
                "Ready",
                "False",
                PATIENCE,
            );
            wait.with_context(|| format!("{release} was to report the broken file"))?;
        }
        self.kubectl("get kdefreleases -n flux-system")?;
        say("\nNothing of the broken revision was applied; what ran before still runs:");
        self.kubectl("get deployments -n shop-production cart")?;

        heading("Repair it");
        self.push(&[Change::Write(path, good.as_bytes())], "Spell the image right")?;
        self.kubectl("get kdefreleases -n flux-system")
    }

    /// Commits, asks Flux to look, and waits until every release has applied the revision.
    fn push(&self, changes: &[Change<'_>], message: &str) -> Result<()> {
        let revision = self.repository.commit_changes(changes, message)?;
        self.cluster.reconcile("gitrepository", NAMESPACE, "platform")?;
        say(&format!("Committed {revision}: {message}."));
        self.applied(&revision)
    }

    /// Waits until every release is Ready at the revision.
    fn applied(&self, revision: &str) -> Result<()> {
        let message = format!("Applied revision: {revision}");
        for release in RELEASES {
            wait_for(&format!("{release} to apply {revision}"), PATIENCE, || {
                let object = self.cluster.get("kdefrelease", NAMESPACE, release)?;
                let conditions = object["status"]["conditions"].as_array();
                let ready = conditions.and_then(|all| all.iter().find(|known| known["type"] == "Ready"));
                let ready = ready.with_context(|| format!("no Ready condition in {}", object["status"]))?;
                ensure!(
                    ready["status"] == "True" && ready["message"] == message,
                    "{ready}"
                );
                Ok(Some(()))
            })?;
        }
        Ok(())
    }

    /// Runs kubectl, and shows it.
    fn kubectl(&self, args: &str) -> Result<()> {
        command(&format!("kubectl {args}"));
        output(&self.cluster.kubectl(&args.split(' ').collect::<Vec<_>>())?)
    }

    /// Applies a text as if it were a file of this name, and shows it.
    fn apply(&self, file: &str, text: &str) -> Result<()> {
        command(&format!("kubectl apply -f examples/shop/flux/{file}"));
        output(&self.cluster.kubectl_stdin(&["apply", "-f", "-"], text)?)
    }
}

fn check_at_the_desk() -> Result<()> {
    heading("Check the project at the desk");
    kdef("validate examples/shop --env production")
}

/// Reads a file of the example.
fn example(path: &str) -> Result<String> {
    let path = run::root().join("examples/shop").join(path);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
