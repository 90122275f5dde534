//! The frameworks of web pages that `init` knows.

/// What a project is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framework {
    /// Next.js.
    Next,
    /// SvelteKit.
    SvelteKit,
    /// Astro.
    Astro,
    /// Angular's command line.
    Angular,
    /// Create React App.
    ReactScripts,
    /// Vite, with any library of components.
    Vite,
    /// `index.html` alone.
    Html,
    /// A cargo workspace or package.
    Cargo,
    /// None of them.
    Other,
}

/// How a project reads the outputs of its stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputsFile {
    /// The value of `stackctl outputs --format`.
    pub format: &'static str,
    /// The path in the project.
    pub path: &'static str,
}

impl Framework {
    /// The package of npm that shows it, the more specific ones first: SvelteKit and Astro have Vite too.
    pub const PACKAGES: [(&str, Framework); 6] = [
        ("next", Framework::Next),
        ("@sveltejs/kit", Framework::SvelteKit),
        ("astro", Framework::Astro),
        ("@angular/cli", Framework::Angular),
        ("react-scripts", Framework::ReactScripts),
        ("vite", Framework::Vite),
    ];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Framework::Next => "Next.js",
            Framework::SvelteKit => "SvelteKit",
            Framework::Astro => "Astro",
            Framework::Angular => "Angular",
            Framework::ReactScripts => "Create React App",
            Framework::Vite => "Vite",
            Framework::Html => "a page without a build",
            Framework::Cargo => "a cargo workspace",
            Framework::Other => "no web framework that stackctl knows",
        }
    }

    /// The port of its development server; for `index.html` alone, of `npx serve`.
    pub fn port(self) -> u16 {
        match self {
            Framework::Next | Framework::ReactScripts | Framework::Html => 3000,
            Framework::Astro => 4321,
            Framework::Angular => 4200,
            Framework::SvelteKit | Framework::Vite | Framework::Cargo | Framework::Other => 5173,
        }
    }

    /// The beginnings of the names of its configuration file, in which `server: { port: … }` may stand.
    pub fn configuration(self) -> Option<&'static str> {
        match self {
            Framework::Vite | Framework::SvelteKit => Some("vite.config"),
            Framework::Astro => Some("astro.config"),
            Framework::Next
            | Framework::Angular
            | Framework::ReactScripts
            | Framework::Html
            | Framework::Cargo
            | Framework::Other => None,
        }
    }

    /// The file of outputs that it reads; none where no page is known.
    pub fn outputs_file(self) -> Option<OutputsFile> {
        let (format, path) = match self {
            Framework::Vite | Framework::SvelteKit => ("vite", ".env.local"),
            Framework::Next => ("next", ".env.local"),
            Framework::Astro | Framework::Angular => ("ts", "src/stack-outputs.ts"),
            Framework::ReactScripts => ("js", "src/stack-outputs.js"),
            Framework::Html => ("js", "stack-outputs.js"),
            Framework::Cargo | Framework::Other => return None,
        };
        Some(OutputsFile { format, path })
    }
}
