#[test]
fn quick() {
    match super::load(None) {
        Ok(catalogue) => assert_eq!(catalogue.connectors.len(), 3),
        Err(faults) => panic!("{}", faults.iter().map(|f| f.to_string()).collect::<Vec<_>>().join("\n")),
    }
}
