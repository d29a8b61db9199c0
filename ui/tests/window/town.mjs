// A town of one street, in the layouts of the official files.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const CODE = "0101";
const HEADER =
  "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat;certification_commune";
const HOUSES = 14;
// Where the base map of the real data lies.
const [WEST, SOUTH, EAST, NORTH] = [-2.0905, 47.646, -2.0805, 47.653];

/** Writes the files of the town; `station` is the code of its polling station. */
export function writeTown(folder) {
  const stations = join(folder, "stations.geojson");
  const addresses = join(folder, "addresses.csv");
  writeFileSync(stations, JSON.stringify(perimeters()));
  writeFileSync(addresses, `${[HEADER, ...houses()].join("\n")}\n`);
  return { stations, addresses, station: CODE, doors: HOUSES };
}

function perimeters() {
  const ring = [
    [WEST, SOUTH],
    [EAST, SOUTH],
    [EAST, NORTH],
    [WEST, NORTH],
    [WEST, SOUTH],
  ];
  const properties = { codeCommune: "99100", numeroBureauVote: CODE };
  const geometry = { type: "Polygon", coordinates: [ring] };
  return {
    type: "FeatureCollection",
    features: [{ type: "Feature", properties, geometry }],
  };
}

function houses() {
  return Array.from({ length: HOUSES }, (_, index) => {
    const [number, lon] = [index + 1, (-2.0885 + index * 0.0002).toFixed(6)];
    const lat = (47.65 + (index % 2) * 0.0001).toFixed(6);
    return `99100_0001_${number};;${number};;Rue du Lavoir;93000;99100;Palierville;${lon};${lat};1`;
  });
}
