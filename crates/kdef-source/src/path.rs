//! Paths inside a project.

use std::fmt;

/// A normalised path inside a root, with `/` between its parts. The root itself is the empty path.
///
/// There is no way to make one that is absolute or climbs out, which is what confines `file()`, `import` and the
/// folders of sub-projects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VirtualPath(Box<str>);

/// Why a text is no [`VirtualPath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// It begins with `/`, or names a drive.
    Absolute,
    /// It leads out of the root with `..`.
    Escapes,
    /// It holds a NUL, another control character, or a backslash.
    Invalid,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "the path is absolute; write it relative to the project",
            Self::Escapes => "the path leads out of the project",
            Self::Invalid => "the path holds a control character or a backslash",
        })
    }
}

impl VirtualPath {
    /// Returns the root.
    pub fn root() -> Self {
        Self::default()
    }

    /// Normalises a path relative to the root: drops `.` and empty parts, resolves `..`.
    pub fn new(path: &str) -> Result<Self, PathError> {
        Self::root().join(path)
    }

    /// Resolves a path relative to this folder. A leading `/` is [`PathError::Absolute`].
    pub fn join(&self, path: &str) -> Result<Self, PathError> {
        if path.starts_with('/') {
            return Err(PathError::Absolute);
        }
        if path.chars().any(|c| c.is_control() || c == '\\') {
            return Err(PathError::Invalid);
        }
        let mut parts: Vec<&str> = self.parts().collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or(PathError::Escapes)?;
                }
                name => parts.push(name),
            }
        }
        Ok(Self(parts.join("/").into()))
    }

    /// Returns the path as text; the root is empty.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the parts in order; none for the root.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Returns the folder that holds this path, or `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(Self(
            self.0.rsplit_once('/').map_or("", |(parent, _)| parent).into(),
        ))
    }

    /// Returns the last part, or `None` for the root.
    pub fn file_name(&self) -> Option<&str> {
        self.parts().last()
    }

    /// Tells whether this path is `folder` or lies below it.
    pub fn starts_with(&self, folder: &Self) -> bool {
        folder.is_root()
            || self
                .0
                .strip_prefix(&*folder.0)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the folders from `top` down to this one, both included; only this one when it does not lie below `top`.
    pub fn walk_from(&self, top: &Self) -> Vec<Self> {
        if !self.starts_with(top) {
            return vec![self.clone()];
        }
        let mut folders = vec![self.clone()];
        while let Some(parent) = folders.last().filter(|last| *last != top).and_then(Self::parent) {
            folders.push(parent);
        }
        folders.reverse();
        folders
    }
}

impl fmt::Display for VirtualPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_and_confined() {
        let cases: [(&str, Result<&str, PathError>); 10] = [
            ("a/b", Ok("a/b")),
            ("./a//b/.", Ok("a/b")),
            ("a/../b", Ok("b")),
            ("", Ok("")),
            ("a/..", Ok("")),
            ("..", Err(PathError::Escapes)),
            ("a/../../b", Err(PathError::Escapes)),
            ("/etc/passwd", Err(PathError::Absolute)),
            ("a\\b", Err(PathError::Invalid)),
            ("a\0b", Err(PathError::Invalid)),
        ];
        for (text, expected) in cases {
            let path = VirtualPath::new(text);
            assert_eq!(
                path.as_ref().map(VirtualPath::as_str),
                expected.as_ref().map(|s| *s),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_walk_leads_from_the_top_down() {
        let path = |text: &str| VirtualPath::new(text).unwrap();
        let walk = |to: &str, top: &str| {
            path(to)
                .walk_from(&path(top))
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(walk("a/b", ""), [".", "a", "a/b"]);
        assert_eq!(walk("a/b", "a"), ["a", "a/b"]);
        assert_eq!(walk("ab", "a"), ["ab"], "not below the top");
        assert_eq!(walk("", ""), ["."]);
    }

    #[test]
    fn names_and_parents() {
        let path = VirtualPath::new("apps/web/vars.kdef").unwrap();
        assert_eq!(path.file_name(), Some("vars.kdef"));
        assert_eq!(path.parent().unwrap().as_str(), "apps/web");
        assert_eq!(VirtualPath::root().parent(), None);
        assert_eq!(VirtualPath::root().to_string(), ".");
    }
}
