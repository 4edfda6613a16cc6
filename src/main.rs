//! tmp
fn main() {
    match solieu::ingest::dataset::read(std::path::Path::new("data/thai-nguyen")) {
        Ok(d) => println!(
            "{} observations {} indicators {} units {} docs {} systems",
            d.observations.len(),
            d.catalogue.indicators.len(),
            d.catalogue.units.len(),
            d.catalogue.documents.len(),
            d.catalogue.systems.len()
        ),
        Err(p) => {
            for x in &p.0 {
                println!("{x}")
            }
        }
    }
}
