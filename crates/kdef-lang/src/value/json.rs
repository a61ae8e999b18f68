//! Values from and to JSON.

use std::fmt;

use super::{Number, Value};

/// Why a value has no JSON, or JSON no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonError {
    /// A part of it is unknown.
    Unknown,
    /// A part of it is a reference, whose value only the cluster knows.
    Reference,
    /// A number is too large.
    Number,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "a part of the value is not known",
            Self::Reference => "a reference to a secret, configmap or field has no value here",
            Self::Number => "a number is too large",
        })
    }
}

impl Value {
    /// Makes the value of a JSON text that has been read: arrays become tuples, objects become objects.
    pub fn from_json(json: &serde_json::Value) -> Result<Self, JsonError> {
        Ok(match json {
            serde_json::Value::Null => Self::NULL,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => {
                Self::Number(Number::from_json(number).map_err(|_| JsonError::Number)?)
            }
            serde_json::Value::String(text) => text.as_str().into(),
            serde_json::Value::Array(items) => {
                let items = items.iter().map(Self::from_json);
                Self::tuple(items.collect::<Result<Vec<_>, _>>()?)
            }
            serde_json::Value::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Ok((key.as_str(), Self::from_json(value)?)));
                Self::object(entries.collect::<Result<Vec<_>, _>>()?)
            }
        })
    }

    /// Converts to JSON. Integers of 64 bits stay exact.
    pub fn to_json(&self) -> Result<serde_json::Value, JsonError> {
        Ok(match self {
            Self::Unknown(_) => return Err(JsonError::Unknown),
            Self::Reference(_) => return Err(JsonError::Reference),
            Self::Null(_) => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => number.to_json().ok_or(JsonError::Number)?.into(),
            Self::String(text) => (&**text).into(),
            Self::List(list) => {
                serde_json::Value::Array(list.iter().map(Self::to_json).collect::<Result<_, _>>()?)
            }
            Self::Map(map) => {
                let entries = map
                    .iter()
                    .map(|(key, value)| Ok((key.to_string(), value.to_json()?)));
                serde_json::Value::Object(entries.collect::<Result<_, _>>()?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Type;
    use super::*;

    #[test]
    fn json_comes_back_unchanged() {
        let text = r#"{"a":[1,-2.5,"x",true,null,9223372036854775807,18446744073709551615],"b":{}}"#;
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let value = Value::from_json(&json).unwrap();
        assert_eq!(value.to_json(), Ok(json));
    }

    #[test]
    fn what_has_no_json_says_why() {
        let huge = Value::Number(Number::parse("1e400").unwrap());
        for (value, error) in [
            (Value::Unknown(Type::String), JsonError::Unknown),
            (Value::tuple([huge]), JsonError::Number),
        ] {
            assert_eq!(value.to_json(), Err(error));
        }
    }
}
