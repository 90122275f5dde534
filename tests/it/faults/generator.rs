//! Random stacks: a file is written from a row of numbers, and another row differs from it in some of them.

use std::fmt::Write;

/// Numbers that look random, the same ones for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        // Neighbouring seeds would begin alike.
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            dice.next();
        }
        dice
    }

    pub fn next(&mut self) -> u64 {
        // xorshift
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The numbers that a file is written from. Each property has numbers of its own, so that one number changes one property.
#[derive(Debug, Clone)]
pub struct Sketch([usize; Sketch::PLACES]);

const BUCKETS: [&str; 3] = ["photos", "papers", "films"];
const FUNCTIONS: [&str; 3] = ["presign", "resize", "mail"];
const POOLS: [&str; 2] = ["staff", "guests"];
const CLIENTS: [&str; 3] = ["web", "phone", "desk"];
const APIS: [&str; 2] = ["inside", "outside"];
const ROUTES: [&str; 5] = ["GET /x", "POST /x", "GET /x/{id}", "DELETE /x", "PUT /y/z"];
const ORIGINS: [&str; 4] = [
    "",
    "cors: { origins: [http://a.example] }",
    "cors: { origins: [http://b.example] }",
    "cors: { origins: [http://a.example, http://b.example] }",
];
const WEBHOOKS: [&str; 4] = [
    "",
    "",
    "webhook: { url: https://a.example/hooks }",
    "webhook: { url: https://b.example/hooks, on: [created, deleted] }",
];
const GRANTS: [&str; 6] =
    ["", "[put]", "[get]", "[put, list]", "[multipart, delete]", "{ prefix: uploads/, allow: [put, list] }"];

impl Sketch {
    const PLACES: usize = 96;
    /// The most that one thing uses.
    const STRIDE: usize = 8;

    pub fn new(dice: &mut Dice) -> Sketch {
        let mut places = [0; Sketch::PLACES];
        places.fill_with(|| dice.below(1 << 16));
        Sketch(places)
    }

    /// Changes some numbers.
    pub fn edit(&mut self, dice: &mut Dice) {
        for _ in 0..=dice.below(6) {
            self.0[dice.below(Sketch::PLACES)] = dice.below(1 << 16);
        }
    }

    /// The file.
    pub fn yaml(&self, name: &str) -> String {
        let mut yaml = format!("stack: {name}\nregion: eu-west-1\ntags: {{ team: t{} }}\n", self.0[0] % 2);
        let mut things = self.0.chunks(Sketch::STRIDE).skip(1);
        let mut thing = || <[usize; Sketch::STRIDE]>::try_from(things.next().unwrap()).unwrap();
        // Two of three things are there.
        let is_there = |it: &[usize; Sketch::STRIDE]| !it[0].is_multiple_of(3);

        let buckets: Vec<_> =
            BUCKETS.into_iter().map(|it| (it, thing())).filter(|(_, it)| is_there(it)).collect();
        yaml += if buckets.is_empty() { "" } else { "buckets:\n" };
        for (name, it) in &buckets {
            let (cors, webhook) = (ORIGINS[it[1] % 4], WEBHOOKS[it[2] % 4]);
            let _ = writeln!(yaml, "  {name}:\n    on_destroy: empty\n    {cors}\n    {webhook}");
        }

        let functions: Vec<_> =
            FUNCTIONS.into_iter().map(|it| (it, thing())).filter(|(_, it)| is_there(it)).collect();
        yaml += if functions.is_empty() { "" } else { "functions:\n" };
        for (name, it) in &functions {
            let profile = ["lambda", "another"][it[1] % 2];
            let (memory, timeout) = ([128, 256, 512][it[2] % 3], [5, 9][it[3] % 2]);
            let (retention, value) = (["7d", "30d"][it[4] % 2], it[5] % 3);
            let _ = writeln!(
                yaml,
                "  {name}:\n    package: tiny\n    profile: {profile}\n    memory: {memory}\n    timeout: {timeout}s\n    \
                 log_retention: {retention}\n    environment: {{ VALUE: v{value} }}"
            );
            let granted = buckets.iter().enumerate();
            let granted =
                granted.map(|(place, (bucket, _))| (bucket, GRANTS[(it[6] >> (3 * place)) % GRANTS.len()]));
            let granted: Vec<_> = granted
                .filter(|(_, grants)| !grants.is_empty())
                .map(|(bucket, grants)| format!("{bucket}: {grants}"))
                .collect();
            if !granted.is_empty() {
                let _ = writeln!(yaml, "    buckets: {{ {} }}", granted.join(", "));
            }
        }

        let pools: Vec<_> =
            POOLS.into_iter().map(|it| (it, thing())).filter(|(_, it)| is_there(it)).collect();
        yaml += if pools.is_empty() { "" } else { "user_pools:\n" };
        for (name, it) in &pools {
            // A protected pool that leaves the file is refused, and is no matter of chance.
            let (length, sign_up) = ([8, 12][it[1] % 2], ["admin", "open"][it[2] % 2]);
            let _ = writeln!(
                yaml,
                "  {name}:\n    deletion_protection: false\n    sign_up: {sign_up}\n    password: {{ minimum_length: {length} }}"
            );
            let clients: Vec<_> = CLIENTS
                .iter()
                .zip(&it[3..6])
                .filter(|(_, it)| !it.is_multiple_of(3))
                .map(|(client, it)| format!("{client}: {{ id_token: {}h }}", 1 + it / 3 % 2))
                .collect();
            let _ = writeln!(yaml, "    clients: {{ {} }}", clients.join(", "));
        }

        let apis: Vec<_> = APIS.into_iter().map(|it| (it, thing())).filter(|(_, it)| is_there(it)).collect();
        // An API has a route, and a route has a function.
        yaml += if apis.is_empty() || functions.is_empty() { "" } else { "apis:\n" };
        for (name, it) in apis.iter().filter(|_| !functions.is_empty()) {
            let function = |number: usize| functions[number % functions.len()].0;
            let (stage, cors, rate) =
                (["production", "v1"][it[1] % 2], ORIGINS[it[2] % 4], [5, 50][it[3] % 2]);
            let pool = pools.get(it[4] % 3).map_or("none", |(pool, _)| pool);
            let _ = writeln!(
                yaml,
                "  {name}:\n    stage: {stage}\n    {cors}\n    throttling: {{ rate: {rate} }}\n    authorizer: {pool}\n    \
                 routes:\n      GET /: {}",
                function(it[5])
            );
            for (place, route) in ROUTES.iter().enumerate().filter(|(place, _)| it[6] >> place & 1 == 1) {
                let _ = writeln!(yaml, "      {route}: {}", function(it[7] >> (2 * place)));
            }
        }
        yaml
    }
}
