//! Stacks that grow: what more functions and more routes cost.

use std::{io, path::Path};

use serde_json::json;

use crate::{
    calls::Calls,
    chart::Chart,
    cloud::{Cloud, Project},
    section::Section,
    spread::Spread,
    table::Table,
};

const FUNCTIONS: [usize; 3] = [1, 10, 50];
const ROUTES: [usize; 4] = [1, 10, 100, 300];
/// Runs that have nothing to do.
const RUNS: usize = 5;
/// Seconds that each request takes while rates hold.
const DELAY: f64 = 0.1;

/// A stack of functions and of routes to them in turn; each function is the same package.
pub fn stack(name: &str, functions: usize, routes: usize, package: &str) -> String {
    let function = |index: usize| {
        format!(
            "  f{index}:\n    package: {package}\n    profile: lambda\n    buckets: {{ uploads: [put] }}\n"
        )
    };
    // Two for each path: an API may have 300 resources (AGW-02).
    let route = |index: usize| {
        format!("      {} /r{}: f{}\n", ["GET", "POST"][index % 2], index / 2, index % functions)
    };
    format!(
        "stack: {name}\nregion: eu-west-1\nbuckets: {{ uploads: {{}} }}\nfunctions:\n{}user_pools: {{ users: {{ \
         clients: {{ web: {{}} }} }} }}\napis:\n  uploads:\n    cors: {{ origins: [http://localhost:5173] }}\n    \
         authorizer: users\n    routes:\n{}",
        (0..functions).map(function).collect::<String>(),
        (0..routes).map(route).collect::<String>(),
    )
}

/// What became of one size.
struct Size {
    functions: usize,
    routes: usize,
    first: Calls,
    nothing: Calls,
    cpu: Spread,
    peak: f64,
}

/// Measures it.
///
/// # Errors
/// A command that fails.
pub fn section(program: &Path) -> io::Result<Section> {
    let cloud = Cloud::start(program)?;
    let project = Project::new(program, "scale")?;
    let mut sizes = Vec::new();
    for functions in FUNCTIONS {
        sizes.push(size(&cloud, &project, functions, functions)?);
    }
    for routes in ROUTES {
        sizes.push(size(&cloud, &project, 1, routes)?);
    }
    drop(cloud);
    let rates = rates(program, &project)?;
    let text = format!("## Stacks that grow\n\n{}\n{}\n{rates}", requests(&sizes), planning(&sizes));
    Ok(Section { name: "scale", text })
}

fn size(cloud: &Cloud, project: &Project, functions: usize, routes: usize) -> io::Result<Size> {
    project.write(&stack("bench-scale", functions, routes, "presign"))?;
    cloud.set(&json!({ "time_scale": 0, "new_bucket_misses": 0, "waves": true }))?;
    let first = cloud.run_in_waves(project, &["apply", "--yes"])?;
    cloud.set(&json!({ "time_scale": 0, "new_bucket_misses": 0 }))?;
    cloud.run(project, &["destroy", "--yes"])?;
    let mut peak = cloud.run(project, &["apply", "--yes"])?.0.peak;
    let mut cpu = Vec::new();
    let mut nothing = Calls::default();
    for _ in 0..RUNS {
        let (ran, calls) = cloud.run(project, &["plan"])?;
        peak = peak.max(ran.peak);
        cpu.push(ran.cpu.as_secs_f64() * 1000.0);
        nothing = calls;
    }
    cloud.run(project, &["destroy", "--yes"])?;
    let cpu = Spread::of(&cpu).ok_or_else(|| io::Error::other("nothing was measured"))?;
    Ok(Size { functions, routes, first, nothing, cpu, peak: peak as f64 / 1e6 })
}

/// How many requests each service gets.
fn requests(sizes: &[Size]) -> String {
    const SERVICES: [&str; 7] = ["apigateway", "lambda", "iam", "logs", "s3", "cognito-idp", "ssm"];
    let table = |title: &str, of: &dyn Fn(&Size) -> &Calls| {
        let mut table = Table::new(&[&["functions", "routes"][..], &SERVICES].concat());
        for size in sizes {
            let counts = of(size).by_service();
            let counts = SERVICES.map(|service| counts.get(service).copied().unwrap_or_default());
            table.row(&[&[size.functions, size.routes][..], &counts].concat());
        }
        format!("{title}:\n\n{table}")
    };
    let (first, nothing) = (table("First apply", &|it| &it.first), table("Nothing to do", &|it| &it.nothing));
    format!("### Requests as a stack grows\n\n{first}\n{nothing}")
}

/// The cost of an apply that has nothing to do.
fn planning(sizes: &[Size]) -> String {
    let mut table = Table::new(&["functions", "routes", "CPU ms", "peak MB"]);
    let mut chart = Chart::new("ms");
    for Size { functions, routes, cpu, peak, .. } in sizes {
        table.row(&[functions.to_string(), routes.to_string(), format!("{cpu:.0}"), format!("{peak:.0}")]);
        chart.bar(format!("{functions} functions, {routes} routes"), cpu.median);
    }
    format!(
        "### Planning as a stack grows\n\nProcessor time of `stackctl plan`, what it has cargo do included, and no \
         delay; {RUNS} runs, median (least–greatest). The peak is that of all runs, the first apply's too.\n\n\
         {chart}\n{table}"
    )
}

/// At AWS's rates (LAM-50, AGW-01), the largest number of functions.
fn rates(program: &Path, project: &Project) -> io::Result<String> {
    let functions = FUNCTIONS.into_iter().max().unwrap_or_default();
    let cloud = Cloud::start(program)?;
    let settings = json!({
        "rules": { "*": false, "rates": true }, "new_bucket_misses": 0, "delay": DELAY,
    });
    cloud.set(&settings)?;
    project.write(&stack("bench-rates", functions, functions, "presign"))?;
    // Fifteen at once and fifteen a second: CreateFunction and AddPermission of each. GetPolicy has its own fifteen.
    let window = |requests: usize| requests.saturating_sub(15) as f64 / 15.0;
    let cases = [
        // Before them the look, the lock and the role; after them the end of the last, and the lock's.
        ("first apply", window(2 * functions) + 5.0 * DELAY),
        ("apply, nothing to do", window(functions) + DELAY),
    ];
    let mut table =
        Table::new(&["", "wall s", "rate bound s", "wall ÷ bound", "requests", "refused with 429"]);
    for (name, bound) in cases {
        let (ran, calls) = cloud.run(project, &["apply", "--yes"])?;
        let (wall, refused) = (ran.wall.as_secs_f64(), calls.0.iter().filter(|it| it.status == 429).count());
        table.row(&[
            name.to_owned(),
            format!("{wall:.2}"),
            format!("{bound:.2}"),
            format!("{:.2}", wall / bound),
            calls.0.len().to_string(),
            refused.to_string(),
        ]);
    }
    Ok(format!(
        "### At AWS's rates\n\n{functions} functions and as many routes, {:.0} ms per request, the rates of LAM-50 and \
         AGW-01 unscaled; one run.\n\n{table}",
        DELAY * 1000.0
    ))
}
