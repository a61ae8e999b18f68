//! Digests.

use std::fmt::Write;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::encodings::base64;
use super::{Answer, CallContext, Function, Group, Parameter, files};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Hashes, parameters, call).returns_text()
}

const STR: &[Parameter] = &[Parameter::text("str")];
const PATH: &[Parameter] = &[Parameter::text("path")];

const CONFINED: &str = "The path is relative to the project's folder, and cannot lead out of the project.";

pub(super) const BASE64SHA256: Function = function("base64sha256", STR, |call| of_text::<Sha256>(call, true))
    .doc("Returns the SHA-256 digest of a text in base64.")
    .examples(&[(
        r#"base64sha256("hello world")"#,
        r#""uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=""#,
    )]);

pub(super) const BASE64SHA512: Function = function("base64sha512", STR, |call| of_text::<Sha512>(call, true))
    .doc("Returns the SHA-512 digest of a text in base64.")
    .examples(&[(
        r#"base64sha512("hello world")"#,
        r#""MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoH2Bdz33FVC6TrpzXbw==""#,
    )]);

pub(super) const FILEBASE64SHA256: Function =
    function("filebase64sha256", PATH, |call| of_file::<Sha256>(call, true))
        .doc("Returns the SHA-256 digest of a file in base64.")
        .notes(CONFINED)
        .examples(&[(
            r#"filebase64sha256("greeting.txt") == base64sha256(file("greeting.txt"))"#,
            "true",
        )]);

pub(super) const FILEBASE64SHA512: Function =
    function("filebase64sha512", PATH, |call| of_file::<Sha512>(call, true))
        .doc("Returns the SHA-512 digest of a file in base64.")
        .notes(CONFINED)
        .examples(&[(
            r#"filebase64sha512("greeting.txt") == base64sha512(file("greeting.txt"))"#,
            "true",
        )]);

pub(super) const FILEMD5: Function = function("filemd5", PATH, |call| of_file::<Md5>(call, false))
    .doc("Returns the MD5 digest of a file in hexadecimal digits.")
    .notes(CONFINED)
    .examples(&[(
        r#"filemd5("greeting.txt")"#,
        r#""bea8252ff4e80f41719ea13cdf007273""#,
    )]);

pub(super) const FILESHA1: Function = function("filesha1", PATH, |call| of_file::<Sha1>(call, false))
    .doc("Returns the SHA-1 digest of a file in hexadecimal digits.")
    .notes(CONFINED)
    .examples(&[(
        r#"filesha1("greeting.txt")"#,
        r#""60fde9c2310b0d4cad4dab8d126b04387efba289""#,
    )]);

pub(super) const FILESHA256: Function = function("filesha256", PATH, |call| of_file::<Sha256>(call, false))
    .doc("Returns the SHA-256 digest of a file in hexadecimal digits.")
    .notes("As part of a pod's annotations it restarts the pods when the file changes. The path is relative to the project's folder, and cannot lead out of the project.")
    .examples(&[(
        r#"filesha256("greeting.txt")"#,
        r#""c98c24b677eff44860afea6f493bbaec5bb1c4cbb209c6fc2bbb47f66ff2ad31""#,
    )]);

pub(super) const FILESHA512: Function = function("filesha512", PATH, |call| of_file::<Sha512>(call, false))
    .doc("Returns the SHA-512 digest of a file in hexadecimal digits.")
    .notes(CONFINED)
    .examples(&[(
        r#"filesha512("greeting.txt") == sha512(file("greeting.txt"))"#,
        "true",
    )]);

pub(super) const MD5: Function = function("md5", STR, |call| of_text::<Md5>(call, false))
    .doc("Returns the MD5 digest of a text in hexadecimal digits.")
    .notes("Do not rely on it where anyone could want two texts of one digest.")
    .examples(&[(r#"md5("hello world")"#, r#""5eb63bbbe01eeed093cb22bb8f5acdc3""#)]);

pub(super) const SHA1: Function = function("sha1", STR, |call| of_text::<Sha1>(call, false))
    .doc("Returns the SHA-1 digest of a text in hexadecimal digits.")
    .notes("Do not rely on it where anyone could want two texts of one digest.")
    .examples(&[(
        r#"sha1("hello world")"#,
        r#""2aae6c35c94fcfb415dbe95f408b9ce91ee846ed""#,
    )]);

pub(super) const SHA256: Function = function("sha256", STR, |call| of_text::<Sha256>(call, false))
    .doc("Returns the SHA-256 digest of a text in hexadecimal digits.")
    .examples(&[(
        r#"sha256("hello world")"#,
        r#""b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9""#,
    )]);

pub(super) const SHA512: Function = function("sha512", STR, |call| of_text::<Sha512>(call, false))
    .doc("Returns the SHA-512 digest of a text in hexadecimal digits.")
    .examples(&[(r#"substr(sha512("hello world"), 0, 16)"#, r#""309ecc489c12d6eb""#)]);

pub(super) const UUIDV5: Function = function(
    "uuidv5",
    &[Parameter::text("namespace"), Parameter::text("name")],
    uuidv5,
)
.doc("Returns the UUID of version 5 that a name has in a namespace.")
.notes("The namespace is a UUID, or one of `dns`, `url`, `oid` and `x500`.")
.examples(&[(
    r#"uuidv5("dns", "www.terraform.io")"#,
    r#""a5008fae-b28c-5ba5-96cd-82b4c53552d6""#,
)]);

fn of_text<D: Digest>(call: &CallContext<'_>, in_base64: bool) -> Answer {
    let digest = D::digest(call.text(0)?.as_bytes());
    shown(call, &digest, in_base64)
}

fn of_file<D: Digest>(call: &CallContext<'_>, in_base64: bool) -> Answer {
    let (_, bytes) = files::read(call)?;
    let digest = D::digest(&bytes);
    shown(call, &digest, in_base64)
}

fn shown(call: &CallContext<'_>, digest: &[u8], in_base64: bool) -> Answer {
    if in_base64 {
        base64::encode(call, digest)
    } else {
        Ok(hexadecimal(digest).into())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn uuidv5(call: &CallContext<'_>) -> Answer {
    // RFC 9562, section 6.6.
    let well_known = |last: u8| {
        let mut namespace = *b"\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8";
        namespace[3] = last;
        namespace
    };
    let namespace = match &**call.text(0)? {
        "dns" => well_known(0x10),
        "url" => well_known(0x11),
        "oid" => well_known(0x12),
        "x500" => well_known(0x14),
        text => parse_uuid(text).ok_or_else(|| {
            call.mistake(0, "is not a UUID")
                .with_hint("namespaces with a name are dns, url, oid and x500")
        })?,
    };
    let digest = Sha1::new()
        .chain_update(namespace)
        .chain_update(call.text(1)?.as_bytes())
        .finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hexadecimal(&bytes);
    let parts = [
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..],
    ];
    Ok(parts.join("-").into())
}

/// Reads a UUID: with dashes or without, in braces, or as a URN.
fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let text = match text.len() {
        45 => text
            .get(..9)
            .filter(|urn| urn.eq_ignore_ascii_case("urn:uuid:"))
            .and(text.get(9..))?,
        38 => text.strip_prefix('{')?.strip_suffix('}')?,
        _ => text,
    };
    let digits: String = match text.len() {
        32 => text.to_owned(),
        36 => {
            let dashes = [8, 13, 18, 23];
            let placed = dashes.iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
            placed.then(|| text.replace('-', ""))?
        }
        _ => return None,
    };
    let is_hexadecimal = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = is_hexadecimal.then(|| u128::from_str_radix(&digits, 16).ok())?;
    value.map(u128::to_be_bytes)
}
