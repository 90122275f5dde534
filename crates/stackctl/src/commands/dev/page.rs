//! The outputs that the page reads.

use clap::ValueEnum;
use stackctl_aws_data::outputs::Outputs;
use stackctl_dev::page::PageCommand;
use stackctl_formats::{Format, Update};
use stackctl_init::Project;
use stackctl_stackfile::stack::Stack;

use crate::{error::Error, report::Report};

/// Writes the outputs to the file that the page's framework reads, where they differ.
///
/// # Errors
/// A file that can't be written, or was not written by stackctl.
pub fn write_outputs(
    page: &PageCommand,
    outputs: &Outputs,
    stack: &Stack,
    report: &mut Report,
) -> Result<(), Error> {
    let folder = page.project();
    let doing = |what: &str| format!("{what} {}", folder.display());
    let project = Project::in_folder(&folder).map_err(|source| Error::Io { doing: doing("read"), source })?;
    let Some(file) = project.framework.outputs_file() else { return Ok(()) };
    let Ok(format) = Format::from_str(file.format, false) else { return Ok(()) };
    let path = folder.join(file.path);
    let update = Update::plan(&path, format, outputs, stack)?;
    if update.is_needed {
        update.write().map_err(|source| Error::Io { doing: format!("write {}", path.display()), source })?;
        report.progress(&format!("wrote {}", path.display()));
    }
    Ok(())
}
