//! What a function's code is made from.

use std::fmt;

use stackctl_stackfile::{
    function::{Architecture, Builtin, Bundle, Function, Source},
    names::PackageName,
};

/// What a function's code is made from. Functions that are equal in this have the same code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A package that is built.
    Package(Recipe),
    /// A function inside this program.
    Builtin {
        /// The function.
        builtin: Builtin,
        /// The processor.
        architecture: Architecture,
    },
    /// A folder or a zip file.
    Bundle {
        /// Where it is, and what it is for.
        bundle: Bundle,
        /// The processor.
        architecture: Architecture,
    },
}

/// The recipe of a build: package, profile and architecture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipe {
    /// The package.
    pub package: PackageName,
    /// The profile of cargo.
    pub profile: PackageName,
    /// The processor.
    pub architecture: Architecture,
}

impl Origin {
    /// The origin of a function's code.
    pub fn of(function: &Function) -> Origin {
        let architecture = function.architecture;
        match &function.source {
            Source::Package { package, profile } => {
                Origin::Package(Recipe { package: package.clone(), profile: profile.clone(), architecture })
            }
            Source::Builtin(builtin) => Origin::Builtin { builtin: *builtin, architecture },
            Source::Code(bundle) => Origin::Bundle { bundle: bundle.clone(), architecture },
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Package(recipe) => write!(out, "package {}", recipe.package),
            Origin::Builtin { builtin, .. } => write!(out, "builtin {builtin}"),
            Origin::Bundle { bundle, .. } => write!(out, "{}", bundle.path),
        }
    }
}

impl Recipe {
    /// Whether it is for arm64.
    pub fn is_arm64(&self) -> bool {
        self.architecture == Architecture::Arm64
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recipe { package, profile, architecture } = self;
        write!(out, "{package} {profile} {architecture}")
    }
}
