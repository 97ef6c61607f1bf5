import { showCharts } from "./charts.ts";
import { showColumnWindows } from "./column-windows.ts";
import { showDetail } from "./detail.ts";
import { byId } from "./dom.ts";
import { showHeatMap } from "./heat-map.ts";
import { followPrinting } from "./print.ts";
import { createSelection } from "./selection.ts";
import { unpackPage } from "./unpack.ts";

const page = unpackPage(byId("data")?.textContent ?? "");
if (page.columns.length > 0) {
  const selection = createSelection({ column: 0, window: page.columns[0]!.worst });
  showHeatMap(page, selection);
  performance.mark("heat-map");
  showDetail(page, selection);
  showColumnWindows(page, selection);
  showCharts(page, selection);
}
followPrinting();
