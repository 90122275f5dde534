//! The engine over a toy cloud: boxes with properties that refer to other boxes, and calls that fail at random.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Mutex,
};

use stackctl_engine::{
    Aim, Cloud, Event, Events, Fault, Graph, Handle, Kinds, Known, Needs, Observed, Ref, Removal, Reporter,
    Resource, Run, Step, Stop,
    apply::apply,
    destroy::destroy,
    listing::list,
    look::{foresee, locate, look},
};

/// What exists: properties by name; and which calls were made.
#[derive(Default)]
struct Toy {
    boxes: Mutex<BTreeMap<String, Live>>,
    calls: Mutex<Vec<String>>,
    /// Calls that fail, by what they begin with.
    broken: Mutex<BTreeSet<String>>,
    /// The names of crates that are not the stack's.
    not_ours: Mutex<BTreeSet<String>>,
    /// A seed, and how many of 100 calls fail.
    weather: Mutex<(u64, u64)>,
}

impl Cloud for Toy {
    type Clients = ();
}

#[derive(Debug)]
enum Trouble {
    Broken(String),
    NotOurs(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Broken(what) => write!(out, "{what} is broken"),
            Trouble::NotOurs(name) => write!(out, "{name} is not ours"),
        }
    }
}

impl std::error::Error for Trouble {}

impl Fault for Trouble {
    fn hint(&self) -> Option<String> {
        match self {
            Trouble::Broken(_) => None,
            Trouble::NotOurs(name) => Some(format!("tag {name}")),
        }
    }

    fn is_not_ours(&self) -> bool {
        matches!(self, Trouble::NotOurs(_))
    }
}

impl Toy {
    async fn call(&self, what: String) -> Result<(), Trouble> {
        tokio::task::yield_now().await;
        self.calls.lock().unwrap().push(what.clone());
        if self.broken.lock().unwrap().iter().any(|broken| what.starts_with(broken)) {
            return Err(Trouble::Broken(what));
        }
        let mut weather = self.weather.lock().unwrap();
        // Xorshift: a random sequence that a seed repeats.
        weather.0 ^= weather.0 << 13;
        weather.0 ^= weather.0 >> 7;
        weather.0 ^= weather.0 << 17;
        if weather.0 % 100 < weather.1 { Err(Trouble::Broken(what)) } else { Ok(()) }
    }

    fn took_calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

/// The colour of crates that others made.
const THEIRS: &str = "theirs";

struct Crate {
    name: String,
    colour: String,
    lid: bool,
    inside: Option<Ref<Crate>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Live {
    name: String,
    colour: Option<String>,
    lid: bool,
    inside: Option<String>,
}

#[derive(Debug)]
enum Action {
    Create,
    Paint { from: Option<String> },
    PutLid,
    PutInside { to: Option<String> },
}

impl Resource for Crate {
    const KIND: &'static str = "crate";
    type Cloud = Toy;
    type Listing = ();
    type Live = Live;
    type Outputs = String;
    type Action = Action;
    type Error = Trouble;

    async fn list((): &()) -> Result<(), Trouble> {
        Ok(())
    }

    async fn observe(&self, (): &(), _: &Observed, toy: &Toy) -> Result<Option<Live>, Trouble> {
        let live = toy.boxes.lock().unwrap().get(&self.name).cloned();
        if live.is_some() && toy.not_ours.lock().unwrap().contains(&self.name) {
            return Err(Trouble::NotOurs(self.name.clone()));
        }
        Ok(live)
    }

    async fn orphans(
        wanted: &[&Crate],
        (): &(),
        _: &Observed,
        toy: &Toy,
    ) -> Result<Vec<(String, Live)>, Trouble> {
        let boxes = toy.boxes.lock().unwrap();
        let orphans = boxes.values().filter(|live| wanted.iter().all(|it| it.name != live.name));
        Ok(orphans.map(|live| (live.name.clone(), live.clone())).collect())
    }

    fn is_existing(&self) -> bool {
        self.colour == THEIRS
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn diff(&self, live: Option<&Live>, known: &Known) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.is_existing() {
            return actions;
        }
        if live.is_none() {
            actions.push(Action::Create);
        }
        if live.and_then(|it| it.colour.as_ref()) != Some(&self.colour) {
            actions.push(Action::Paint { from: live.and_then(|it| it.colour.clone()) });
        }
        if self.lid && !live.is_some_and(|it| it.lid) {
            actions.push(Action::PutLid);
        }
        if let Some(inside) = &self.inside {
            let to = known.get(inside).cloned();
            if to.is_none() || live.and_then(|it| it.inside.as_ref()) != to.as_ref() {
                actions.push(Action::PutInside { to });
            }
        }
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        match action {
            Action::Create => Step::create(),
            Action::Paint { from } => {
                Step::update("paint", "").change("colour", from.clone(), Some(self.colour.clone()))
            }
            Action::PutLid => Step::update("put a lid", "on"),
            Action::PutInside { .. } => Step::update("put something", "inside"),
        }
    }

    fn needs(&self, action: &Action) -> Needs {
        match action {
            Action::PutInside { .. } => Needs::Everything,
            Action::Create | Action::Paint { .. } | Action::PutLid => Needs::Only(Vec::new()),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        _: &Known,
        toy: &Toy,
        _: &Reporter,
    ) -> Result<Live, Trouble> {
        let born = Live { name: self.name.clone(), colour: None, lid: false, inside: None };
        let live = live.unwrap_or(born);
        let (verb, now) = match action {
            Action::Create => ("create", live),
            Action::Paint { .. } => ("paint", Live { colour: Some(self.colour.clone()), ..live }),
            Action::PutLid => ("lid", Live { lid: true, ..live }),
            Action::PutInside { to } => ("inside", Live { inside: to.clone(), ..live }),
        };
        toy.call(format!("{verb} {}", self.name)).await?;
        toy.boxes.lock().unwrap().insert(self.name.clone(), now.clone());
        Ok(now)
    }

    fn outputs(&self, live: &Live) -> String {
        format!("id-of-{}", live.name)
    }

    async fn removal(live: &Live, _: Option<&Crate>, _: Aim, _: &Toy) -> Result<Removal, Trouble> {
        Ok(match live.colour.as_deref() {
            Some("precious") => Removal::Keep { why: "it is precious".to_owned() },
            _ => Removal::Delete { note: None },
        })
    }

    async fn delete(live: Live, _: Option<&Crate>, _: Aim, toy: &Toy, _: &Reporter) -> Result<(), Trouble> {
        toy.call(format!("delete {}", live.name)).await?;
        toy.boxes.lock().unwrap().remove(&live.name);
        Ok(())
    }

    async fn release(live: Live, toy: &Toy, _: &Reporter) -> Result<(), Trouble> {
        toy.call(format!("release {}", live.name)).await
    }

    fn is_adopted(live: &Live) -> bool {
        live.name.starts_with("adopted")
    }

    fn has_marks(live: &Live) -> bool {
        !live.name.starts_with("part")
    }
}

/// A wanted crate: its name, its colour, and what stands inside.
type Wanted<'a> = (&'a str, &'a str, Option<&'a str>);

fn graph(wanted: &[Wanted<'_>]) -> Graph<Toy> {
    let mut graph = Graph::new(kinds());
    let mut handles: BTreeMap<&str, Handle<Crate>> = BTreeMap::new();
    for (name, colour, inside) in wanted {
        let handle = graph.add(*name, |edges| Crate {
            name: (*name).to_owned(),
            colour: (*colour).to_owned(),
            lid: true,
            inside: inside.map(|inside| edges.to(&handles[inside])),
        });
        handles.insert(name, handle);
    }
    graph
}

const DESTROY: Aim = Aim::Destroy { delete_contents: false };

fn kinds() -> Kinds<Toy> {
    Kinds::default().with::<Crate>()
}

async fn plan(toy: &Toy, wanted: &[Wanted<'_>]) -> Vec<String> {
    let graph = graph(wanted);
    let look = look(&graph, list(&kinds(), &()).await, toy, Aim::Apply).await.unwrap();
    let plan = look.plan(&graph);
    let steps = plan
        .entries
        .iter()
        .flat_map(|entry| entry.steps.iter().map(|step| format!("{} {}", step.verb, entry.address.name)));
    steps.collect()
}

async fn run(toy: &Toy, wanted: &[Wanted<'_>], stop: &Stop) -> (Run, Vec<Event>) {
    let graph = graph(wanted);
    let look = look(&graph, list(&kinds(), &()).await, toy, Aim::Apply).await.unwrap();
    let (events, mut told) = Events::channel();
    let run = apply(&graph, look, toy, &events, stop).await;
    drop(events);
    let mut all = Vec::new();
    while let Some(event) = told.recv().await {
        all.push(event);
    }
    (run, all)
}

fn never() -> Stop {
    Stop::channel().1
}

const CHAIN: [Wanted<'static>; 4] =
    [("a", "red", None), ("b", "green", Some("a")), ("c", "blue", Some("b")), ("d", "grey", None)];

#[tokio::test]
async fn applies_plans_and_converges() {
    let toy = Toy::default();
    assert_eq!(
        plan(&toy, &CHAIN[..2]).await.join(", "),
        "create a, paint a, put a lid on a, create b, paint b, put a lid on b, put something inside b"
    );
    assert!(toy.took_calls().is_empty(), "planning has no effect");
    let (first, events) = run(&toy, &CHAIN, &never()).await;
    assert!(first.is_complete());
    assert_eq!(first.done, 14);
    let done = events.iter().filter(|event| matches!(event, Event::Done { .. })).count();
    assert_eq!(done, 14);
    assert_eq!(plan(&toy, &CHAIN).await, Vec::<String>::new());
    assert_eq!(toy.boxes.lock().unwrap()["b"].inside.as_deref(), Some("id-of-a"));
    toy.took_calls();
    assert_eq!(run(&toy, &CHAIN, &never()).await.0.done, 0);
    assert!(toy.took_calls().is_empty());
}

#[tokio::test]
async fn what_others_made_is_used_and_stays() {
    let toy = Toy::default();
    let theirs = Live { name: "t".to_owned(), colour: None, lid: false, inside: None };
    toy.boxes.lock().unwrap().insert("t".to_owned(), theirs.clone());
    let wanted = [("t", THEIRS, None), ("b", "green", Some("t"))];
    let first = "use t, create b, paint b, put a lid on b, put something inside b";
    assert_eq!(plan(&toy, &wanted).await.join(", "), first);
    let (run_, _) = run(&toy, &wanted, &never()).await;
    assert_eq!((run_.is_complete(), run_.done), (true, 4));
    assert_eq!(toy.boxes.lock().unwrap()["b"].inside.as_deref(), Some("id-of-t"));
    assert_eq!(plan(&toy, &wanted).await, ["use t"]);
    toy.took_calls();

    let graph = graph(&wanted);
    let look_ = look(&graph, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    assert!(!look_.saw_nothing());
    let plan_ = look_.plan(&graph);
    let (events, _told) = Events::channel();
    destroy(&graph, look_, &plan_, &toy, &events, &never()).await;
    assert_eq!(toy.took_calls(), ["delete b"]);
    assert_eq!(toy.boxes.lock().unwrap().values().collect::<Vec<_>>(), [&theirs]);
    let again = look(&graph, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    assert!(again.saw_nothing() && again.plan(&graph).does_nothing());
}

#[tokio::test]
async fn what_changed_alone_is_changed() {
    let toy = Toy::default();
    run(&toy, &CHAIN, &never()).await;
    toy.boxes.lock().unwrap().get_mut("c").unwrap().colour = Some("mud".to_owned());
    toy.boxes.lock().unwrap().remove("d");
    assert_eq!(plan(&toy, &CHAIN).await, ["paint c", "create d", "paint d", "put a lid on d"]);
    // No longer desired: it is found although no state file lists it.
    assert_eq!(plan(&toy, &CHAIN[..2]).await, ["delete c"]);
}

#[tokio::test]
async fn a_failure_skips_what_needs_it_and_nothing_else() {
    let toy = Toy::default();
    toy.broken.lock().unwrap().insert("create b".to_owned());
    let (run_, events) = run(&toy, &CHAIN, &never()).await;
    assert_eq!(
        run_.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["could not create crate.b"]
    );
    let skipped: Vec<String> = run_.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(skipped, ["crate.c"], "c is created, but not the step that needs b");
    assert!(events.iter().any(|event| matches!(event,
        Event::Skipped { address, because: Some(because) } if address.name == "c" && because.name == "b")));
    let made: Vec<String> = toy.boxes.lock().unwrap().keys().cloned().collect();
    assert_eq!(made, ["a", "c", "d"]);
    toy.broken.lock().unwrap().clear();
    assert!(run(&toy, &CHAIN, &never()).await.0.is_complete());
    assert_eq!(plan(&toy, &CHAIN).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_stopped_run_begins_nothing_and_the_next_carries_on() {
    let toy = Toy::default();
    let (ask, stop) = Stop::channel();
    ask.send(true).unwrap();
    let (stopped, _) = run(&toy, &CHAIN, &stop).await;
    assert_eq!((stopped.done, stopped.skipped.len()), (0, 4));
    assert!(toy.took_calls().is_empty());
    assert!(run(&toy, &CHAIN, &never()).await.0.is_complete());
}

#[tokio::test]
async fn destroys_in_the_opposite_order() {
    let toy = Toy::default();
    run(&toy, &CHAIN, &never()).await;
    toy.took_calls();
    let wanted = graph(&CHAIN);
    let (events, _told) = Events::channel();
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    let what = seen.plan(&wanted);
    let run = destroy(&wanted, seen, &what, &toy, &events, &never()).await;
    assert!(run.is_complete());
    let calls = toy.took_calls();
    let at = |call: &str| calls.iter().position(|it| it == call).unwrap();
    assert!(at("delete c") < at("delete b") && at("delete b") < at("delete a"), "{calls:?}");
    assert!(toy.boxes.lock().unwrap().is_empty());
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    assert!(seen.plan(&wanted).is_empty(), "twice is success");
}

#[tokio::test]
async fn a_part_goes_with_its_whole() {
    let toy = Toy::default();
    let mut wanted = Graph::new(kinds());
    let of =
        |name: &str, inside| Crate { name: name.to_owned(), colour: "red".to_owned(), lid: false, inside };
    let whole = wanted.add("whole", |_| of("whole", None));
    wanted.add("part", |edges| of("part", Some(edges.part_of(&whole))));
    let (events, mut told) = Events::channel();
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, Aim::Apply).await.unwrap();
    assert!(apply(&wanted, seen, &toy, &events, &never()).await.is_complete());
    for broken in [true, false] {
        toy.took_calls();
        while told.try_recv().is_ok() {}
        toy.broken.lock().unwrap().clear();
        toy.broken.lock().unwrap().extend(broken.then(|| "delete whole".to_owned()));
        let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY);
        let seen = seen.await.unwrap();
        let what = seen.plan(&wanted);
        let run = destroy(&wanted, seen, &what, &toy, &events, &never()).await;
        assert_eq!(toy.took_calls(), ["delete whole"], "nothing is sent for the part");
        assert_eq!((run.done, run.skipped.len()), if broken { (0, 1) } else { (2, 0) });
    }
}

#[tokio::test]
async fn what_is_kept_stays_and_a_failed_deletion_keeps_what_it_needs() {
    let toy = Toy::default();
    let wanted = [("a", "precious", None), ("b", "green", None), ("c", "blue", Some("b"))];
    run(&toy, &wanted, &never()).await;
    toy.broken.lock().unwrap().insert("delete c".to_owned());
    let wanted = graph(&wanted);
    let (events, _told) = Events::channel();
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    let what = seen.plan(&wanted);
    let run = destroy(&wanted, seen, &what, &toy, &events, &never()).await;
    assert_eq!(run.failures.len(), 1);
    assert_eq!(run.skipped.iter().map(ToString::to_string).collect::<Vec<_>>(), ["crate.b"]);
    assert_eq!(toy.boxes.lock().unwrap().len(), 3);
}

/// What a plan has for each resource.
fn lines(plan: &stackctl_engine::Plan) -> Vec<String> {
    let line = |it: &stackctl_engine::plan::Entry| format!("{}: {}", it.address.name, it.steps[0].verb);
    plan.entries.iter().map(line).collect()
}

/// An adopted resource stays in a destroy, with what it runs on and its parts.
#[tokio::test]
async fn what_was_adopted_is_never_deleted() {
    let toy = Toy::default();
    let of =
        |name: &str, inside| Crate { name: name.to_owned(), colour: "red".to_owned(), lid: false, inside };
    let mut wanted = Graph::new(kinds());
    let role = wanted.add("role", |_| of("role", None));
    let unused = wanted.add("unused", |_| of("unused", None));
    let adopted = wanted.add("adopted", |edges| of("adopted", Some(edges.runs_on(&role))));
    wanted.add("part", |edges| of("part", Some(edges.part_of(&adopted))));
    wanted.add("user", |edges| of("user", Some(edges.reads(&unused))));
    let (events, _told) = Events::channel();
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, Aim::Apply).await.unwrap();
    assert!(apply(&wanted, seen, &toy, &events, &never()).await.is_complete());

    let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    let what = seen.plan(&wanted);
    let stays = "stays, since the stack adopted it; `stackctl release crate.adopted` ends that";
    assert_eq!(
        lines(&what),
        [
            "user: delete".to_owned(),
            "part: stays with crate.adopted, which the stack adopted".to_owned(),
            format!("adopted: {stays}"),
            "unused: delete".to_owned(),
            "role: stays with crate.adopted, which the stack adopted".to_owned(),
        ]
    );
    toy.took_calls();
    assert!(destroy(&wanted, seen, &what, &toy, &events, &never()).await.is_complete());
    assert_eq!(toy.boxes.lock().unwrap().keys().collect::<Vec<_>>(), ["adopted", "part", "role"]);

    // As orphans the others go, and it stays.
    let none = graph(&[]);
    let seen = look(&none, list(&kinds(), &()).await, &toy, Aim::Apply).await.unwrap();
    assert_eq!(
        lines(&seen.plan(&none)),
        [format!("adopted: {stays}"), "part: delete".into(), "role: delete".into()]
    );
    assert!(apply(&none, seen, &toy, &events, &never()).await.is_complete());
    assert_eq!(toy.boxes.lock().unwrap().keys().collect::<Vec<_>>(), ["adopted"]);
}

/// A run that releases deletes no orphan.
#[tokio::test]
async fn orphans_are_released_instead_of_deleted() {
    let toy = Toy::default();
    let wanted = [("a", "red", None), ("adopted", "red", None), ("part", "red", None)];
    run(&toy, &wanted, &never()).await;
    toy.took_calls();
    let none = graph(&[]);
    let (events, _told) = Events::channel();
    let seen = look(&none, list(&kinds(), &()).await, &toy, Aim::Apply).await.unwrap().that_releases(&none);
    let without = "stays in this run; it has no tags, so the next apply without --keep deletes it";
    assert_eq!(
        lines(&seen.plan(&none)),
        ["a: release".to_owned(), "adopted: release".to_owned(), format!("part: {without}")]
    );
    let run = apply(&none, seen, &toy, &events, &never()).await;
    assert!(run.is_complete() && run.done == 2);
    let mut calls = toy.took_calls();
    calls.sort();
    assert_eq!(calls, ["release a", "release adopted"]);
    assert_eq!(toy.boxes.lock().unwrap().len(), 3);
}

/// Only the resource, its parts and what they need are observed.
#[tokio::test]
async fn what_an_apply_would_change_of_one_resource() {
    let toy = Toy::default();
    run(&toy, &CHAIN[..2], &never()).await;
    for name in ["a", "b"] {
        toy.boxes.lock().unwrap().get_mut(name).unwrap().colour = Some("mud".to_owned());
    }
    let wanted = graph(&CHAIN);
    let at = |name: &str| wanted.addresses().find(|it| it.name == name).unwrap().clone();
    let seen = foresee(&wanted, list(&kinds(), &()).await, &toy, &at("b")).await.unwrap();
    assert_eq!(lines(&seen), ["b: paint"]);
    toy.not_ours.lock().unwrap().insert("a".to_owned());
    let seen = foresee(&wanted, list(&kinds(), &()).await, &toy, &at("b")).await.unwrap();
    assert_eq!(lines(&seen), ["b: paint"], "another's name stops only what needs it");
    let unseen = foresee(&wanted, list(&kinds(), &()).await, &toy, &at("a")).await.unwrap_err();
    assert_eq!(unseen[0].source.to_string(), "a is not ours");

    let found = locate(&wanted, list(&kinds(), &()).await, &toy).await.unwrap();
    let found = found.iter().map(|it| format!("{} {} {}", it.address, it.id, it.is_desired));
    assert_eq!(found.collect::<Vec<_>>(), ["crate.b b true"]);
    let found = locate(&graph(&[]), list(&kinds(), &()).await, &toy).await.unwrap();
    assert_eq!(found.iter().filter(|it| !it.is_desired).count(), 2);
}

/// A resource that is not the stack's is left unchanged, like those that need it; all other steps are done.
#[tokio::test]
async fn what_is_not_ours_stops_what_needs_it_and_nothing_else() {
    let toy = Toy::default();
    let wanted =
        [("a", "red", None), ("b", "green", Some("a")), ("c", "blue", Some("b")), ("d", "grey", None)];
    run(&toy, &wanted, &never()).await;
    toy.not_ours.lock().unwrap().insert("b".to_owned());
    for name in ["a", "c", "d"] {
        toy.boxes.lock().unwrap().get_mut(name).unwrap().colour = Some("mud".to_owned());
    }
    let expected = [
        "paint a",
        "b is not ours b",
        "paint c",
        "needs crate.b, which is not changed c",
        "paint d",
        "is deleted once nothing is left out, since what is left out may use it orphan",
    ];
    let orphan = Live { name: "orphan".to_owned(), colour: None, lid: false, inside: None };
    toy.boxes.lock().unwrap().insert("orphan".to_owned(), orphan);
    assert_eq!(plan(&toy, &wanted).await, expected);
    toy.took_calls();
    let (applied, events) = run(&toy, &wanted, &never()).await;
    let mut calls = toy.took_calls();
    calls.sort();
    assert_eq!(calls, ["paint a", "paint c", "paint d"]);
    let skipped = |run: &Run| run.skipped.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(skipped(&applied), ["crate.b", "crate.c", "crate.orphan"]);
    assert!(applied.failures.is_empty() && !applied.is_complete());
    assert!(events.iter().any(|event| matches!(event,
        Event::Skipped { address, because: Some(because) } if address.name == "c" && because.name == "b")));

    // What must outlive it stays with it.
    let wanted = graph(&wanted);
    let (events, _told) = Events::channel();
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    let what = seen.plan(&wanted);
    let steps = what.entries.iter().map(|it| format!("{}: {}", it.address.name, it.steps[0].verb));
    assert_eq!(
        steps.collect::<Vec<_>>(),
        [
            "b: b is not ours",
            "orphan: delete",
            "d: delete",
            "c: delete",
            "a: is needed by crate.b, which stays"
        ]
    );
    assert_eq!(what.entries[0].steps[0].note.as_deref(), Some("tag b"));
    let destroyed = destroy(&wanted, seen, &what, &toy, &events, &never()).await;
    assert_eq!(skipped(&destroyed), ["crate.b", "crate.a"]);
    assert!(!destroyed.is_complete());
    assert_eq!(toy.boxes.lock().unwrap().keys().collect::<Vec<_>>(), ["a", "b"]);

    // Nothing is left to do, and that it is not all done is not forgotten.
    let seen = look(&wanted, list(&kinds(), &()).await, &toy, DESTROY).await.unwrap();
    let what = seen.plan(&wanted);
    assert!(what.does_nothing() && !what.is_empty());
}

/// Where nothing of the stack exists, its names are taken: nothing is begun.
#[tokio::test]
async fn a_stack_whose_names_are_taken_is_not_begun() {
    let toy = Toy::default();
    run(&toy, &CHAIN[..1], &never()).await;
    toy.not_ours.lock().unwrap().insert("a".to_owned());
    let wanted = graph(&CHAIN);
    for aim in [Aim::Apply, DESTROY] {
        let unseen = look(&wanted, list(&kinds(), &()).await, &toy, aim).await.err().unwrap();
        assert_eq!(unseen.len(), 1);
        assert_eq!(unseen[0].source.to_string(), "a is not ours");
    }
}

/// Applying in bad weather any number of times, then once in good weather, always ends with an empty plan.
#[tokio::test]
async fn any_weather_ends_well() {
    for seed in 1..=500_u64 {
        let toy = Toy::default();
        *toy.weather.lock().unwrap() = (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, 30);
        let names: Vec<String> = (0..2 + seed % 9).map(|number| format!("crate{number}")).collect();
        let wanted: Vec<Wanted<'_>> = names
            .iter()
            .enumerate()
            .map(|(number, name)| {
                let inside = (number > 0 && !(seed + number as u64).is_multiple_of(3))
                    .then(|| names[(seed as usize) % number].as_str());
                (name.as_str(), if seed.is_multiple_of(2) { "red" } else { "blue" }, inside)
            })
            .collect();
        for length in [wanted.len(), wanted.len() / 2, wanted.len()] {
            run(&toy, &wanted[..length], &never()).await;
        }
        toy.weather.lock().unwrap().1 = 0;
        let (last, _) = run(&toy, &wanted, &never()).await;
        assert!(last.is_complete(), "seed {seed}");
        assert_eq!(plan(&toy, &wanted).await, Vec::<String>::new(), "seed {seed}");
        assert_eq!(toy.boxes.lock().unwrap().len(), wanted.len(), "seed {seed}");
    }
}
