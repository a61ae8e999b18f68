use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn decimal_text_is_read_and_written() {
    for (text, printed) in [
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("1.50", "1.5"),
        ("1.10", "1.1"),
        ("+1", "1"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-2.75", "-2.75"),
        ("0.1", "0.1"),
        ("1e-7", "0.0000001"),
        ("1E3", "1000"),
        ("1e21", "1000000000000000000000"),
        ("0e99999999999999999999", "0"),
        ("9007199254740993", "9007199254740993"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "9223372036854775808"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("123456789.000000001", "123456789.000000001"),
        ("99999999999999999999.5", "99999999999999999999.5"),
    ] {
        assert_eq!(number(text).to_string(), printed, "{text}");
    }
}

#[test]
fn printed_text_reads_back_as_the_same_number() {
    for text in [
        "1e4932",
        "1e-4931",
        "1e400",
        "-3e-400",
        "0.1",
        "12345.678e-90",
        "7e300",
    ] {
        let value = number(text);
        assert_eq!(number(&value.to_string()), value, "{text}");
    }
    assert_eq!(number("1e400").to_string(), format!("1{}", "0".repeat(400)));
}

#[test]
fn what_is_no_number_is_refused() {
    for (text, error) in [
        ("", NumberError::Invalid),
        ("-", NumberError::Invalid),
        (".", NumberError::Invalid),
        ("e5", NumberError::Invalid),
        ("1e", NumberError::Invalid),
        ("1e+", NumberError::Invalid),
        ("1.2.3", NumberError::Invalid),
        (" 1", NumberError::Invalid),
        ("1 ", NumberError::Invalid),
        ("0x10", NumberError::Invalid),
        ("1_000", NumberError::Invalid),
        ("--1", NumberError::Invalid),
        ("1e--1", NumberError::Invalid),
        ("inf", NumberError::Invalid),
        ("NaN", NumberError::Invalid),
        ("١", NumberError::Invalid),
        ("1e5000", NumberError::OutOfRange),
        ("1e-5000", NumberError::OutOfRange),
        ("1e99999999999999999999", NumberError::OutOfRange),
        ("1e-99999999999999999999", NumberError::OutOfRange),
    ] {
        assert_eq!(Number::parse(text), Err(error), "{text}");
    }
    assert_eq!(Number::parse(&"1".repeat(5001)), Err(NumberError::TooLong));
    assert_eq!(Number::parse(&"1".repeat(5000)), Err(NumberError::OutOfRange));
}

type Operation = fn(&Number, &Number) -> Result<Number, NumberError>;

#[test]
fn arithmetic_is_ctys() {
    let third = format!("0.{}5", "3".repeat(154));
    let cases: [(&str, Operation, &str, &str); 21] = [
        ("0.1", Number::add, "0.2", "0.3"),
        ("1", Number::subtract, "0.75", "0.25"),
        ("0.1", Number::multiply, "3", "0.3"),
        ("1", Number::divide, "4", "0.25"),
        ("1", Number::divide, "3", &third),
        ("10", Number::divide, "5", "2"),
        ("-7", Number::divide, "2", "-3.5"),
        ("9223372036854775807", Number::add, "1", "9223372036854775808"),
        (
            "-9223372036854775808",
            Number::subtract,
            "1",
            "-9223372036854775809",
        ),
        (
            "9223372036854775807",
            Number::multiply,
            "9223372036854775807",
            "85070591730234615847396907784232501249",
        ),
        (
            "-9223372036854775808",
            Number::multiply,
            "-1",
            "9223372036854775808",
        ),
        (
            "9223372036854775808",
            Number::subtract,
            "1",
            "9223372036854775807",
        ),
        ("7", Number::modulo, "3", "1"),
        ("-7", Number::modulo, "3", "-1"),
        ("7", Number::modulo, "-3", "1"),
        ("-9223372036854775808", Number::modulo, "-1", "0"),
        ("7.5", Number::modulo, "2", "1.5"),
        ("1e20", Number::modulo, "7", "2"),
        (
            "1e30",
            Number::add,
            "1e-30",
            "1000000000000000000000000000000.000000000000000000000000000001",
        ),
        ("0", Number::divide, "5", "0"),
        ("2", Number::multiply, "0", "0"),
    ];
    for (left, operation, right, expected) in cases {
        let result = operation(&number(left), &number(right)).unwrap();
        assert_eq!(result.to_string(), expected, "{left} and {right}");
        assert_eq!(
            result,
            number(&result.to_string()),
            "{left} and {right} read back"
        );
    }
}

#[test]
fn arithmetic_that_has_no_answer_is_an_error() {
    let (one, zero, huge) = (number("1"), Number::ZERO, number("1e4900"));
    assert_eq!(one.divide(&zero), Err(NumberError::DivisionByZero));
    assert_eq!(one.modulo(&zero), Err(NumberError::DivisionByZero));
    assert_eq!(number("0.5").modulo(&zero), Err(NumberError::DivisionByZero));
    assert_eq!(huge.multiply(&huge), Err(NumberError::OutOfRange));
    assert_eq!(
        one.divide(&huge).unwrap().divide(&huge),
        Err(NumberError::OutOfRange)
    );
}

#[test]
fn integers_come_out_exactly_or_not_at_all() {
    for (text, wide, narrow) in [
        ("3", Ok(3), Ok(3)),
        ("3.0", Ok(3), Ok(3)),
        ("3.5", Err(IntegerError::Fraction), Err(IntegerError::Fraction)),
        ("2147483648", Ok(2_147_483_648), Err(IntegerError::OutOfRange)),
        ("-2147483648", Ok(-2_147_483_648), Ok(i32::MIN)),
        (
            "9223372036854775808",
            Err(IntegerError::OutOfRange),
            Err(IntegerError::OutOfRange),
        ),
    ] {
        assert_eq!(number(text).to_i64(), wide, "{text}");
        assert_eq!(number(text).to_i32(), narrow, "{text}");
    }
}

#[test]
fn numbers_compare_by_value() {
    for (left, right, order) in [
        ("1", "2", Ordering::Less),
        ("1.5", "1", Ordering::Greater),
        ("-1e300", "1", Ordering::Less),
        ("1.0", "1", Ordering::Equal),
        ("9223372036854775808", "9223372036854775807", Ordering::Greater),
        ("0.3", "0.30000000000000000000000000000001", Ordering::Less),
    ] {
        assert_eq!(number(left).compare(&number(right)), order, "{left} {right}");
        assert_eq!(
            number(left) == number(right),
            order == Ordering::Equal,
            "{left} {right}"
        );
    }
}

#[test]
fn numbers_of_json_keep_their_value() {
    for text in [
        "0",
        "-5",
        "0.1",
        "9223372036854775807",
        "18446744073709551615",
        "1.5e300",
        "9007199254740993",
    ] {
        let json: serde_json::Number = serde_json::from_str(text).unwrap();
        let value = Number::from_json(&json).unwrap();
        assert_eq!(value, number(text), "{text}");
        assert_eq!(value.to_json(), Some(json), "{text}");
    }
    assert_eq!(number("1e400").to_json(), None);
    assert_eq!(number("3.0").to_json(), Some(3.into()));
}
