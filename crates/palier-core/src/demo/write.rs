//! The town in the layouts of official files.

use serde_json::json;

use super::{COMMUNE_CODE, Town};
use crate::territory::Station;

impl Town {
    /// Perimeters as GeoJSON with `bureau` and `nom`, as Toulouse publishes them.
    #[must_use]
    pub fn stations_geojson(&self) -> String {
        let feature = |station: &Station| {
            json!({
                "type": "Feature",
                "properties": {"bureau": format!("{:0>4}", station.code.as_str()), "nom": station.name},
                "geometry": {"type": "MultiPolygon", "coordinates": station.perimeter},
            })
        };
        let features: Vec<_> = self.territory.stations.iter().map(feature).collect();
        json!({"type": "FeatureCollection", "features": features}).to_string()
    }

    /// Addresses in the columns of the BAN, with `;`.
    #[must_use]
    pub fn addresses_csv(&self) -> String {
        let mut text = String::from(
            "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat;type_position;source_position;certification_commune\n",
        );
        for address in &self.territory.addresses {
            let (number, rep) = address
                .number
                .split_once(' ')
                .unwrap_or((&address.number, ""));
            let code = address.commune_code.as_deref().unwrap_or_default();
            let (id, street, postcode) = (&address.id, &address.street, &address.postcode);
            let (commune, lon, lat) = (&address.commune, address.lon, address.lat);
            text.push_str(&format!(
                "{id};;{number};{rep};{street};{postcode};{code};{commune};;;{lon};{lat};entrée;commune;1\n"
            ));
        }
        text
    }

    /// Past ballots in the columns of the aggregated tables of data.gouv.fr.
    #[must_use]
    pub fn results_csv(&self) -> String {
        let mut text = String::from(
            "__id,id_election,id_brut_miom,code_departement,libelle_departement,code_commune,libelle_commune,code_bv,inscrits,abstentions,votants,blancs,nuls,exprimes\n",
        );
        for (result, row) in self.territory.results.iter().zip(1_u32..) {
            let (Some(registered), Some(votes)) = (result.registered, result.votes) else {
                continue;
            };
            let (ballot, code) = (&result.ballot, format!("{:0>4}", result.station.code()));
            let (away, blank, spoilt) = (registered.saturating_sub(votes), votes / 70, votes / 140);
            let valid = votes - blank - spoilt;
            let name = &self.name;
            text.push_str(&format!(
                "{row},{ballot},{COMMUNE_CODE}_{code},99,,{COMMUNE_CODE},{name},{code},{registered},{away},{votes},{blank},{spoilt},{valid}\n"
            ));
        }
        text
    }
}
