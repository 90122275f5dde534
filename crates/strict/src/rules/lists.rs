//! Shuffles lists for which AWS defines no order. Those of API Gateway are in `api_defaults`.

use hyper::Response;
use serde_json::Value;
use stackctl_gateway::{Body, Operation};

use crate::{edit, harness::settings::Rule, visit::Visit};

/// Service, operation and member of the answer.
const JSON: [(&str, &str, &str); 6] = [
    ("cognito-idp", "ListUserPoolClients", "UserPoolClients"),
    ("cognito-idp", "ListUserPools", "UserPools"),
    ("lambda", "ListFunctions", "Functions"),
    ("ssm", "DescribeParameters", "Parameters"),
    ("ssm", "ListTagsForResource", "TagList"),
    ("tagging", "GetResources", "ResourceTagMappingList"),
];

/// Service, operation, the element around the list, and that of an item.
const XML: [(&str, &str, &str, &str); 3] = [
    ("iam", "GetRole", "Tags", "member"),
    ("iam", "ListRoleTags", "Tags", "member"),
    ("s3", "GetBucketTagging", "TagSet", "Tag"),
];

pub(crate) async fn show(
    visit: &Visit<'_>,
    operation: &Operation,
    response: Response<Body>,
) -> Response<Body> {
    if !visit.has(Rule::ListOrder) {
        return response;
    }
    if let Some((_, _, member)) = JSON.iter().find(|(service, name, _)| operation.is(service, name)) {
        return edit::json(response, |answer| {
            if let Some(items) = answer.get_mut(member).and_then(Value::as_array_mut) {
                visit.shuffle(items);
            }
        })
        .await;
    }
    match XML.iter().find(|(service, name, ..)| operation.is(service, name)) {
        Some((_, _, list, item)) => {
            edit::text(response, |xml| shuffled(xml, list, item, |it| visit.shuffle(it))).await
        }
        None => response,
    }
}

/// The text with the items of its list in another order.
fn shuffled(xml: &str, list: &str, item: &str, shuffle: impl FnOnce(&mut [&str])) -> Option<String> {
    let (before, rest) = xml.split_once(&format!("<{list}>"))?;
    let (items, after) = rest.split_once(&format!("</{list}>"))?;
    let end = format!("</{item}>");
    let mut items: Vec<_> = items.split_inclusive(&end).collect();
    // White space after the last.
    let rest = items.pop_if(|it| !it.ends_with(&end)).unwrap_or_default();
    shuffle(&mut items);
    Some(format!("{before}<{list}>{}{rest}</{list}>{after}", items.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_xml() {
        let xml = "<A><TagSet><Tag>1</Tag> <Tag>2</Tag><Tag>3</Tag>\n</TagSet></A>";
        let reversed = shuffled(xml, "TagSet", "Tag", |it| it.reverse()).unwrap();
        assert_eq!(reversed, "<A><TagSet><Tag>3</Tag> <Tag>2</Tag><Tag>1</Tag>\n</TagSet></A>");
        assert!(shuffled("<A/>", "TagSet", "Tag", |_| ()).is_none());
    }
}
