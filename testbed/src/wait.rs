//! Waiting for the world to reach a state, with an error that says what was seen instead.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// Calls `check` until it gives a value, and returns that value.
///
/// `what` completes the sentence "waited for ...". An error of `check` does not end the wait: it is the state last
/// seen, and stands in the error that is returned after `timeout`. `Ok(None)` means "not yet" and says nothing
/// about the state. `check` runs at least once; the pauses between the calls grow from 20 ms to 400 ms.
pub fn wait_for<T>(what: &str, timeout: Duration, mut check: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + timeout;
    let mut pause = FIRST_PAUSE;
    let mut last_seen = None;
    loop {
        match check() {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(error) => last_seen = Some(error),
        }
        if Instant::now() >= deadline {
            let waited = format!("waited {} s for {what}", timeout.as_secs_f32());
            return Err(match last_seen {
                Some(error) => anyhow!("{waited}; last seen: {error:#}"),
                None => anyhow!(waited),
            });
        }
        thread::sleep(pause);
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn the_value_ends_the_wait() {
        let mut calls = 0;
        let value = wait_for("three", Duration::from_mins(1), || {
            calls += 1;
            Ok((calls == 3).then_some(calls))
        });
        assert_eq!(value.unwrap(), 3);
    }

    #[test]
    fn a_time_out_names_the_state_last_seen() {
        let mut calls = 0;
        let error = wait_for::<()>("a miracle", Duration::ZERO, || {
            calls += 1;
            bail!("replicas: {calls}")
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "waited 0 s for a miracle; last seen: replicas: 1"
        );
    }
}
