//! `stackctl init`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use clap::Args;
use stackctl_init::{Extra, Plan, Project, Question, Settings, configured_region};
use stackctl_stackfile::{names::RegionName, scalar::Invalid};

use crate::{
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{ask, interrupt::Interrupt},
    stack_file::accept,
};

const EXAMPLES: &str = "\
Examples:
  stackctl init                          ask for name, region and origin
  stackctl init --yes                    take the defaults
  stackctl init --name photos --region eu-central-1 --origin https://photos.example.com
  stackctl init --page                   also add a page that signs in and uploads (React and Vite)
  stackctl init --hooks                  also add the uploads alone, for a page of your own design";

/// Write a stack.yaml for the project in this folder
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    /// The stack's name; default: from package.json or the folder
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The origin of a page that may upload, several times for several; default: the development server
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Also add the sign-in and upload page, as source: a component of a project with React and Vite, else a new app
    #[arg(long)]
    page: bool,
    /// Also add what the page does, as source: React hooks, and uploads and files without a framework
    #[arg(long, conflicts_with = "page")]
    hooks: bool,
    /// Don't ask; take the defaults
    #[arg(short, long)]
    yes: bool,
}

/// The region when nothing names one.
const REGION: &str = "eu-west-1";

impl Init {
    /// Looks at the folder, asks what is open, and writes the files. Without a terminal it takes the defaults.
    ///
    /// # Errors
    /// A file that exists, wrong answers, and Ctrl-C.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        if global.file.is_some() {
            return Err(Error::Usage {
                what: "init takes no --file".to_owned(),
                hint: "it writes stack.yaml into this folder: go to another one first".to_owned(),
            });
        }
        let folder = Path::new(".");
        let project = Project::in_folder(folder)
            .map_err(|source| Error::Io { doing: "read this folder".to_owned(), source })?;
        let extra = match (self.page, self.hooks) {
            (true, _) => Extra::Page,
            (false, true) => Extra::Hooks,
            (false, false) => Extra::Nothing,
        };
        let defaults =
            Settings { name: project.name.clone(), region: region(global), origins: project.origins(extra) };
        // What can't be written with the defaults needs no questions.
        let is_new = Plan::of(folder, &project, &defaults, extra)?.has_stack();
        let mut settings = Settings {
            name: self.name.clone().unwrap_or(defaults.name),
            region: global.region.clone().unwrap_or(defaults.region),
            origins: if self.origin.is_empty() { defaults.origins } else { self.origin.clone() },
        };
        for (question, argument) in Question::ALL.into_iter().zip(["--name", "--region", "--origin"]) {
            question.check(&settings).map_err(|invalid| wrong(argument, invalid))?;
        }
        if !report.is_json() && !project.becomes_app(extra) {
            report.progress(&format!("This folder has {}.", project.describe()));
        }
        if is_new && !self.yes && ask::is_possible() {
            settings = self.ask(settings, global, report).await?;
        }
        let region = settings.region.parse::<RegionName>().map_err(|invalid| wrong("--region", invalid))?;
        accept(&region, global)?;
        let plan = Plan::of(folder, &project, &settings, extra)?;
        plan.write(folder)?;
        report.initialized(&settings, &plan);
        Ok(exit::DONE)
    }

    /// Asks for what the arguments do not say.
    async fn ask(
        &self,
        mut settings: Settings,
        global: &Global,
        report: &mut Report,
    ) -> Result<Settings, Error> {
        let (mut interrupt, _) = Interrupt::listen()?;
        let is_given = |question| match question {
            Question::Name => self.name.is_some(),
            Question::Region => global.region.is_some(),
            Question::Origins => !self.origin.is_empty(),
        };
        for question in Question::ALL.into_iter().filter(|it| !is_given(*it)) {
            loop {
                let text = question.text(&settings);
                let answer = ask::ask(&text, report, &mut interrupt).await?.ok_or(Error::Declined)?;
                match question.answered(&settings, &answer) {
                    Ok(answered) => {
                        settings = answered;
                        break;
                    }
                    Err(invalid) => report.progress(&invalid.to_string()),
                }
            }
        }
        Ok(settings)
    }
}

fn wrong(argument: &str, Invalid { what, why, fix }: Invalid) -> Error {
    Error::Usage { what: format!("{argument} is not {what}: {why}"), hint: fix.unwrap_or_default() }
}

/// The region that the environment or the profile names.
fn region(global: &Global) -> String {
    let variable = |name: &str| env::var(name).ok().filter(|it| !it.is_empty());
    let of_profile = || {
        let home = || Some(PathBuf::from(variable("HOME")?).join(".aws/config"));
        let file = variable("AWS_CONFIG_FILE").map(PathBuf::from).or_else(home)?;
        let profile = global.profile.clone().or_else(|| variable("AWS_PROFILE"));
        configured_region(&fs::read_to_string(file).ok()?, profile.as_deref().unwrap_or("default"))
    };
    // As AWS's own tools: the variables come before the profile.
    let found = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")).or_else(of_profile);
    found.filter(|it| it.parse::<RegionName>().is_ok()).unwrap_or_else(|| REGION.to_owned())
}
