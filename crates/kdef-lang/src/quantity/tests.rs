use super::*;

/// Texts and what `resource.ParseQuantity` of k8s.io/apimachinery 0.36 makes of them.
const CANONICAL: &[(&str, &str)] = &[
    ("1000m", "1"),
    ("2000m", "2"),
    ("1500m", "1500m"),
    ("0.5", "500m"),
    ("0.1", "100m"),
    ("1", "1"),
    ("1024Mi", "1Gi"),
    ("1.5Gi", "1536Mi"),
    ("0.25Gi", "256Mi"),
    ("1000Mi", "1000Mi"),
    ("512Mi", "512Mi"),
    ("0", "0"),
    ("256M", "256M"),
    ("1000M", "1G"),
    ("1000k", "1M"),
    ("1048576", "1048576"),
    ("1e3", "1e3"),
    ("+1", "+1"),
    (".5", "500m"),
    ("1.", "1."),
    ("1.500", "1.500"),
    ("0.100", "100m"),
    ("1.0", "1"),
    ("00", "0"),
    ("007", "007"),
    ("0Gi", "0"),
    ("7Ei", "7Ei"),
    ("9E", "9E"),
    ("1E3", "1E3"),
    ("1.5e3", "1500"),
    ("1e-3", "1e-3"),
    ("1e-12", "1e-9"),
    ("123456789012345678", "123456789012345678"),
    ("9223372036854775807", "9223372036854775807"),
    ("1023Ki", "1023Ki"),
    ("1024Ki", "1Mi"),
    ("2048", "2048"),
    ("0.5Ki", "512"),
    ("0.0001Ki", "102400u"),
    ("1.1Ki", "1126400m"),
    ("1.1Gi", "1181116006400m"),
    ("8Gi", "8Gi"),
    ("1.5Ti", "1536Gi"),
    ("0.1n", "1n"),
    ("1000n", "1u"),
    ("0.0000000001", "1n"),
    ("0.3333333333333333333333333333", "333333334n"),
    (
        "0.33333333333333333333333333333333333333Gi",
        "357913941333333334n",
    ),
    ("100000000000000000000n", "100G"),
    ("1010m", "1010m"),
    ("123000k", "123M"),
    ("12.5M", "12500k"),
    ("01Gi", "01Gi"),
    ("+1Gi", "+1Gi"),
    (" 500m ", "500m"),
];

#[test]
fn the_canonical_form_is_kubernetes_own() {
    for (text, expected) in CANONICAL {
        let quantity = Quantity::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(quantity.as_str(), *expected, "{text}");
    }
}

#[test]
fn what_is_no_quantity_is_refused() {
    for (text, expected) in [
        ("", QuantityError::Malformed),
        ("+", QuantityError::Malformed),
        (".", QuantityError::Malformed),
        ("abc", QuantityError::Malformed),
        ("1,5", QuantityError::Malformed),
        ("0x10", QuantityError::Malformed),
        ("1..2", QuantityError::Malformed),
        ("--1", QuantityError::Malformed),
        ("5%", QuantityError::Malformed),
        ("1 Gi", QuantityError::Malformed),
        ("１", QuantityError::Malformed),
        ("1K", QuantityError::UnknownUnit),
        ("1gi", QuantityError::UnknownUnit),
        ("1GB", QuantityError::UnknownUnit),
        ("1e", QuantityError::UnknownUnit),
        ("-1", QuantityError::Negative),
        ("8Ei", QuantityError::TooLarge),
        ("10E", QuantityError::TooLarge),
        ("1e999999999", QuantityError::TooLarge),
        ("9223372036854775808", QuantityError::TooLarge),
    ] {
        assert_eq!(Quantity::parse(text).unwrap_err(), expected, "{text}");
    }
    assert_eq!(
        Quantity::parse(&"1".repeat(1000)).unwrap_err(),
        QuantityError::Malformed
    );
}

/// Every mantissa with every suffix: the canonical form says the same amount, and is its own canonical form up to the
/// spellings that Kubernetes leaves alone.
#[test]
fn the_canonical_form_keeps_the_amount() {
    let mantissas = [
        "1", "7", "10", "24", "100", "250", "999", "1000", "1024", "1536", "65536", "0.5", "1.25", "12.375",
    ];
    let suffixes = DECIMAL_SUFFIXES
        .iter()
        .chain(&BINARY_SUFFIXES)
        .map(|(_, suffix)| *suffix);
    for suffix in suffixes.chain(["e-6", "e2", "e3", "E9"]) {
        for mantissa in mantissas {
            let text = format!("{mantissa}{suffix}");
            let Ok(quantity) = Quantity::parse(&text) else {
                assert!(matches!(suffix, "E" | "Ei" | "P" | "Pi"), "{text} fits");
                continue;
            };
            let again = Quantity::parse(quantity.as_str()).unwrap();
            assert_eq!(again, quantity, "{text}");
            assert_eq!(again.as_str(), quantity.as_str(), "{text}");
        }
    }
}

#[test]
fn quantities_compare_by_amount() {
    let parse = |text: &str| Quantity::parse(text).unwrap();
    assert_eq!(parse("1000m"), parse("1"));
    assert!(parse("1000M") < parse("1000Mi"));
    assert!(parse("1e-3") < parse("2m"));
    assert!(parse("0Gi").is_zero() && parse("-0").is_zero());
}

#[test]
fn a_range_has_a_request_and_a_limit() {
    let side =
        |quantity: Option<Quantity>| quantity.map_or_else(|| "-".to_owned(), |quantity| quantity.to_string());
    for (text, request, limit) in [
        ("200m..1000m", "200m", "1"),
        (" 200m .. 1 ", "200m", "1"),
        ("500m", "500m", "500m"),
        ("250m..", "250m", "-"),
        ("..500m", "-", "500m"),
        ("1Gi..1024Mi", "1Gi", "1Gi"),
        ("", "-", "-"),
    ] {
        let range = QuantityRange::parse(text).unwrap();
        assert_eq!(
            (side(range.request), side(range.limit)),
            (request.to_owned(), limit.to_owned()),
            "{text}"
        );
    }
    for (text, expected) in [
        ("..", QuantityError::EmptyRange),
        ("1..2..3", QuantityError::Malformed),
        ("2..1", QuantityError::RequestAboveLimit),
        ("1Gi..1G", QuantityError::RequestAboveLimit),
    ] {
        assert_eq!(QuantityRange::parse(text).unwrap_err(), expected, "{text}");
    }
}
