//! The requests that the engine makes, and how they can fail.

use std::fmt::Write as _;
use std::time::Duration;

use http::StatusCode;
use kube::api::{DeleteParams, DynamicObject, GetParams, Patch, PatchParams, Preconditions};
use kube::client::Body;
use kube::core::{ApiResource, Request, Resource as _, Status, request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::{Cluster, FIELD_MANAGER};

/// How much of an answer that is no Kubernetes status is quoted, in bytes.
const QUOTED_ANSWER: usize = 512;

/// Where an object is found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) resource: &'a ApiResource,
    /// The namespace; `None` for cluster-scoped kinds.
    pub(crate) namespace: Option<&'a str>,
    pub(crate) name: &'a str,
}

impl Target<'_> {
    fn request(&self) -> Request {
        Request::new(DynamicObject::url_path(self.resource, self.namespace))
    }
}

/// What of the answer to an apply is of interest.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    pub(crate) metadata: WrittenMeta,
    #[serde(default)]
    pub(crate) status: Value,
}

/// The metadata of [`Written`].
#[derive(Debug, Deserialize)]
pub(crate) struct WrittenMeta {
    #[serde(default)]
    pub(crate) uid: String,
}

/// Why a request did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The API server refused it.
    #[error("{}", .0.message)]
    Refused(Box<Status>),
    /// No answer came in time.
    #[error("the API server did not answer within {}", seconds(.0))]
    Timeout(Duration),
    /// The connection failed.
    #[error("the API server cannot be reached: {0}")]
    Unreachable(String),
    /// The answer is not what such a request is answered with.
    #[error("the API server's answer cannot be read: {0}")]
    Unreadable(String),
}

impl ApiError {
    /// Returns the status code, where the server gave one.
    pub(crate) fn code(&self) -> Option<u16> {
        match self {
            Self::Refused(status) => Some(status.code),
            _ => None,
        }
    }

    /// Tells whether the object, its namespace or its whole kind was not found.
    pub(crate) fn is_not_found(&self) -> bool {
        self.code() == Some(404)
    }

    /// Tells whether the namespace was not found that the object was to be in.
    pub(crate) fn is_missing_namespace(&self) -> bool {
        let Self::Refused(status) = self else { return false };
        status.code == 404
            && status
                .details
                .as_ref()
                .is_some_and(|details| details.kind == "namespaces")
    }

    /// Tells whether the server knows no such kind, rather than no such object.
    pub(crate) fn is_unknown_kind(&self) -> bool {
        let Self::Refused(status) = self else { return false };
        status.code == 404
            && status
                .details
                .as_ref()
                .is_none_or(|details| details.kind.is_empty())
    }

    /// Tells whether the server found fault with what was sent.
    ///
    /// Fields that are unknown or of a wrong type make server-side apply fail with status 500 and no reason.
    pub(crate) fn is_about_content(&self) -> bool {
        let Self::Refused(status) = self else { return false };
        let unfit = [
            "failed to create typed patch object",
            "failed to convert new object",
        ];
        matches!(status.code, 400 | 413 | 422)
            || (status.code == 500 && unfit.iter().any(|start| status.message.starts_with(start)))
    }

    /// Tells whether the server did not answer at all, so that further requests are likely in vain.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Timeout(_) | Self::Unreachable(_))
    }

    /// Tells whether nothing is wrong with the request, so that trying again soon makes sense.
    pub(crate) fn is_infrastructure(&self) -> bool {
        match self.code() {
            Some(code) => matches!(code, 408 | 409 | 429 | 500..) && !self.is_about_content(),
            None => true,
        }
    }

    /// Tells whether it is known that nothing was written.
    pub(crate) fn nothing_was_written(&self) -> bool {
        self.code().is_some_and(|code| code < 500) || self.is_about_content()
    }

    /// Returns the reason in one word, Kubernetes' own where it gave one.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Refused(status) if !status.reason.is_empty() => status.reason.clone(),
            Self::Refused(_) if self.is_about_content() => "Invalid".to_owned(),
            Self::Refused(status) => format!("HTTP {}", status.code),
            Self::Timeout(_) => "Timeout".to_owned(),
            Self::Unreachable(_) => "Unreachable".to_owned(),
            Self::Unreadable(_) => "Unreadable".to_owned(),
        }
    }

    /// Reads the body of a refusal.
    fn refused(code: StatusCode, body: &[u8]) -> Self {
        let mut status = serde_json::from_slice::<Status>(body).unwrap_or_else(|_| {
            let text = String::from_utf8_lossy(body);
            let text = text.trim();
            let quoted = &text[..text.floor_char_boundary(QUOTED_ANSWER)];
            Status::failure(quoted, "")
        });
        status.code = code.as_u16();
        Self::Refused(Box::new(status))
    }

    fn unreachable(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                // Writing to a string cannot fail.
                let _ = write!(text, ": {cause_text}");
            }
            source = cause.source();
        }
        Self::Unreachable(text)
    }
}

impl Cluster {
    /// Reads an object; `None` when there is none.
    pub(crate) async fn get(&self, target: Target<'_>) -> Result<Option<Value>, ApiError> {
        match self
            .exchange(target.request().get(target.name, &GetParams::default()))
            .await
        {
            Ok((_, object)) => Ok(Some(object)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks what an apply would make of an object.
    pub(crate) async fn dry_run(&self, target: Target<'_>, manifest: &RawValue) -> Result<Value, ApiError> {
        let params = apply_params().dry_run();
        let request = target
            .request()
            .patch(target.name, &params, &Patch::Apply(manifest));
        self.exchange(request).await.map(|(_, answer)| answer)
    }

    /// Applies an object; the flag tells whether that created it.
    pub(crate) async fn write(
        &self,
        target: Target<'_>,
        manifest: &RawValue,
    ) -> Result<(bool, Written), ApiError> {
        let request = target
            .request()
            .patch(target.name, &apply_params(), &Patch::Apply(manifest));
        let (code, written) = self.exchange(request).await?;
        Ok((code == StatusCode::CREATED, written))
    }

    /// Deletes the object with that uid, its dependents in the background.
    pub(crate) async fn delete(&self, target: Target<'_>, uid: &str) -> Result<(), ApiError> {
        let uid = Preconditions {
            uid: Some(uid.to_owned()),
            resource_version: None,
        };
        let params = DeleteParams::background().preconditions(uid);
        self.exchange::<serde::de::IgnoredAny>(target.request().delete(target.name, &params))
            .await
            .map(drop)
    }

    /// Sends a request and reads the answer. The time limit covers the client's own retries.
    async fn exchange<T: DeserializeOwned>(
        &self,
        request: Result<http::Request<Vec<u8>>, request::Error>,
    ) -> Result<(StatusCode, T), ApiError> {
        let request = request
            .map_err(|error| ApiError::unreachable(&error))?
            .map(Body::from);
        let answer = async {
            let response = self.client().send(request).await?;
            let code = response.status();
            Ok((code, response.into_body().collect_bytes().await?))
        };
        let (code, body) = tokio::time::timeout(self.limits().request_timeout, answer)
            .await
            .map_err(|_| ApiError::Timeout(self.limits().request_timeout))?
            .map_err(|error: kube::Error| ApiError::unreachable(&error))?;
        if !code.is_success() {
            return Err(ApiError::refused(code, &body));
        }
        let answer =
            serde_json::from_slice(&body).map_err(|error| ApiError::Unreadable(error.to_string()))?;
        Ok((code, answer))
    }
}

/// The same parameters for dry run and apply, so that the one foretells the other.
fn apply_params() -> PatchParams {
    PatchParams::apply(FIELD_MANAGER).force().validation_strict()
}

fn seconds(duration: &Duration) -> String {
    format!("{} s", duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, reason: &str, message: &str) -> ApiError {
        ApiError::Refused(Box::new(Status::failure(message, reason).with_code(code)))
    }

    #[test]
    fn refusals_are_told_apart() {
        let typed = "failed to create typed patch object (/x; /v1, Kind=ConfigMap): .dota: field not declared in schema";
        for (error, reason, content, infrastructure, untouched) in [
            (refused(422, "Invalid", "bad"), "Invalid", true, false, true),
            (refused(400, "BadRequest", "bad"), "BadRequest", true, false, true),
            (refused(500, "", typed), "Invalid", true, false, true),
            (
                refused(500, "InternalError", "webhook down"),
                "InternalError",
                false,
                true,
                false,
            ),
            (refused(500, "", "oops"), "HTTP 500", false, true, false),
            (refused(403, "Forbidden", "no"), "Forbidden", false, false, true),
            (refused(409, "Conflict", "changed"), "Conflict", false, true, true),
            (
                refused(429, "TooManyRequests", "slow down"),
                "TooManyRequests",
                false,
                true,
                true,
            ),
            (
                refused(503, "ServiceUnavailable", "later"),
                "ServiceUnavailable",
                false,
                true,
                false,
            ),
            (
                ApiError::Timeout(Duration::from_secs(30)),
                "Timeout",
                false,
                true,
                false,
            ),
            (
                ApiError::Unreachable("refused".to_owned()),
                "Unreachable",
                false,
                true,
                false,
            ),
        ] {
            assert_eq!(error.reason(), reason, "{error}");
            assert_eq!(error.is_about_content(), content, "{error}: content");
            assert_eq!(
                error.is_infrastructure(),
                infrastructure,
                "{error}: infrastructure"
            );
            assert_eq!(error.nothing_was_written(), untouched, "{error}: nothing written");
        }
    }

    #[test]
    fn an_unknown_kind_is_not_an_absent_object() {
        let body = |details: &str| {
            format!(r#"{{"kind":"Status","code":404,"reason":"NotFound","details":{details}}}"#)
        };
        let read = |body: &str| ApiError::refused(StatusCode::NOT_FOUND, body.as_bytes());
        assert!(!read(&body(r#"{"name":"x","kind":"configmaps"}"#)).is_unknown_kind());
        assert!(read(&body("{}")).is_unknown_kind());
        let page = read("404 page not found\n");
        assert!(page.is_unknown_kind());
        assert_eq!(
            (page.code(), page.to_string().as_str()),
            (Some(404), "404 page not found")
        );
    }

    #[test]
    fn a_long_answer_that_is_no_status_is_cut() {
        let error = ApiError::refused(StatusCode::BAD_GATEWAY, "ü".repeat(5000).as_bytes());
        assert_eq!(error.to_string().len(), QUOTED_ANSWER);
    }
}
