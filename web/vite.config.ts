import { defineConfig, type Plugin } from "vite";

// While developing, calls go on to a daemon (or to mock/server.mjs) at this address.
const daemon = process.env["LARMOR_URL"] ?? "http://127.0.0.1:8611";

// The editor's library brings tables for force fields and the like, which no drawing needs.
const withoutTables: Plugin = {
  name: "without-tables",
  generateBundle(_, bundle) {
    for (const file of Object.keys(bundle)) if (/resources-[^/]*\.json$/.test(file)) delete bundle[file];
  },
};

export default defineConfig({
  plugins: [withoutTables],
  build: {
    target: "es2022",
    // The page's policy allows nothing but files of its own origin, so nothing is put inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The drawing editor is large by nature and loaded only when somebody draws.
    chunkSizeWarningLimit: 3000,
  },
  server: { proxy: { "/larmor.v1.": daemon } },
});
