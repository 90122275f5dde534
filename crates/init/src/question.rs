//! The questions of `init`.

use stackctl_stackfile::{
    names::{RegionName, StackName},
    origin::Origin,
    scalar::Invalid,
};

use crate::stack_yaml::Settings;

/// A question, about one of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The name of the stack.
    Name,
    /// The region.
    Region,
    /// The origins of the pages.
    Origins,
}

impl Question {
    /// All of them, in order.
    pub const ALL: [Question; 3] = [Question::Name, Question::Region, Question::Origins];

    /// The question, with the answer that an empty line gives.
    pub fn text(self, settings: &Settings) -> String {
        let default = self.value(settings);
        match self {
            Question::Name => format!("Name of the stack [{default}]:"),
            Question::Region => format!("AWS region [{default}]:"),
            Question::Origins => format!("Origin of your page, as the browser shows it [{default}]:"),
        }
    }

    /// The setting as text.
    fn value(self, settings: &Settings) -> String {
        match self {
            Question::Name => settings.name.clone(),
            Question::Region => settings.region.clone(),
            Question::Origins => settings.origins.join(" "),
        }
    }

    /// Checks the setting.
    ///
    /// # Errors
    /// Why it is not valid.
    pub fn check(self, settings: &Settings) -> Result<(), Invalid> {
        match self {
            Question::Name => settings.name.parse::<StackName>().map(drop),
            Question::Region => settings.region.parse::<RegionName>().map(drop),
            Question::Origins => settings.origins.iter().try_for_each(|it| it.parse::<Origin>().map(drop)),
        }
    }

    /// The settings with an answer. An empty one changes nothing; several origins have spaces or commas between them.
    ///
    /// # Errors
    /// Why the answer is not valid.
    pub fn answered(self, settings: &Settings, answer: &str) -> Result<Settings, Invalid> {
        let mut settings = settings.clone();
        let answer = answer.trim();
        match self {
            _ if answer.is_empty() => {}
            Question::Name => settings.name = answer.to_owned(),
            Question::Region => settings.region = answer.to_owned(),
            Question::Origins => {
                let origins = answer.split([' ', ',']).filter(|it| !it.is_empty());
                settings.origins = origins.map(|it| it.trim_end_matches('/').to_owned()).collect();
            }
        }
        self.check(&settings)?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let settings = Settings {
            name: "app".to_owned(),
            region: "eu-west-1".to_owned(),
            origins: vec!["http://localhost:5173".to_owned()],
        };
        for question in Question::ALL {
            assert_eq!(question.answered(&settings, " \n").as_ref(), Ok(&settings));
        }
        assert_eq!(Question::Name.answered(&settings, "photos\n").unwrap().name, "photos");
        assert_eq!(Question::Region.answered(&settings, "us-east-1").unwrap().region, "us-east-1");
        let origins = Question::Origins.answered(&settings, "https://a.example/, http://localhost:3000");
        assert_eq!(origins.unwrap().origins, ["https://a.example", "http://localhost:3000"]);
        for (question, answer) in
            [(Question::Name, "My App"), (Question::Region, "ireland"), (Question::Origins, "localhost:3000")]
        {
            assert!(question.answered(&settings, answer).is_err(), "{answer}");
        }
    }
}
