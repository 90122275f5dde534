//! `stackctl export`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use stackctl_aws::{outputs, session::Identity};
use stackctl_export::{CODE, CodeFiles, Contents, IMPORT, NoExport, RESOURCES_TO_IMPORT, TEMPLATE};
use stackctl_results::exported::Exported;

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{applied, follow::watch, interrupt::Interrupt},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl export cloudformation              cloudformation/template.yaml and the functions' zips
  stackctl export cloudformation infra --import
                                              also the files with which CloudFormation takes over what exists";

/// Write the stack as a template of another tool, to leave stackctl
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Export {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Cloudformation(CloudFormation),
}

/// Write a CloudFormation template and the code of the functions; changes nothing in AWS
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct CloudFormation {
    /// The folder to write into; files that stackctl did not write are not overwritten
    #[arg(value_name = "DIR", default_value = "cloudformation", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Also write import.yaml and resources-to-import.json, with which CloudFormation takes over the resources
    #[arg(long)]
    import: bool,
}

impl Export {
    /// Writes the files.
    ///
    /// # Errors
    /// A stack that has no form in the template or is not applied, and files that are in the way.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let Command::Cloudformation(CloudFormation { folder, import }) = self.command;
        let file = StackFile::read(global, report)?;
        let packages = file.packages(report).await?;
        let stack = &file.stack;
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, stack, true, report, &mut interrupt).await?;
        let looking = Identity::read(stack, &reach);
        let Identity { aws, known, not_ours } = watch("looking", report, &mut interrupt, looking).await??;

        let mut files = Contents::default();
        let mut code = CodeFiles::new();
        for (name, function) in &stack.functions {
            let package = packages.code(function);
            let zip = watch("building", report, &mut interrupt, package.zip()).await?.map_err(Error::Code)?;
            let file = stackctl_export::file_name(name, &zip.bytes);
            files.0.insert(format!("{CODE}/{file}"), zip.bytes.clone());
            code.insert(name.clone(), file);
        }
        let template = stackctl_export::template(stack, &aws.account, &code).map_err(NoExport::from)?;
        files.0.insert(TEMPLATE.to_owned(), template.to_yaml().into());
        let mut import_text = None;
        if import {
            let outputs = outputs::of(stack, &aws.account, &known);
            applied::require(stack, &outputs, not_ours)?;
            let import =
                stackctl_export::import(stack, &aws.account, &code, &outputs).map_err(NoExport::from)?;
            let text = import.template.to_yaml();
            files.0.insert(IMPORT.to_owned(), text.clone().into());
            files.0.insert(RESOURCES_TO_IMPORT.to_owned(), format!("{:#}\n", import.resources).into());
            import_text = Some(text);
        }
        files.write(&folder).map_err(NoExport::from)?;
        report.exported(&Exported {
            folder: folder.display().to_string(),
            files: files.0.into_keys().collect(),
            commands: stackctl_export::commands(
                stack,
                &aws.account,
                &aws.cli(),
                &template,
                import_text.as_deref(),
            ),
        });
        Ok(exit::DONE)
    }
}
