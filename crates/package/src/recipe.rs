//! The recipe of a build: package, profile and architecture.

use std::fmt;

use stackctl_stackfile::{
    function::{Architecture, Function},
    names::PackageName,
};

/// The properties of a function that decide its build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipe {
    /// The package.
    pub package: PackageName,
    /// The profile of cargo.
    pub profile: PackageName,
    /// Whether for arm64 and not for x86_64.
    pub arm64: bool,
}

impl Recipe {
    /// The build of a function.
    pub fn of(function: &Function) -> Recipe {
        Recipe {
            package: function.package.clone(),
            profile: function.profile.clone(),
            arm64: function.architecture == Architecture::Arm64,
        }
    }

    /// The processor.
    pub fn architecture(&self) -> Architecture {
        if self.arm64 { Architecture::Arm64 } else { Architecture::X86_64 }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recipe { package, profile, arm64 } = self;
        write!(out, "{package} {profile} {}", if *arm64 { "arm64" } else { "x86_64" })
    }
}
