/** The page's only style sheet: system fonts, both colour schemes, narrow screens first, paper last. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#16202a;--soft:#5a6875;--line:#d9dfe5;--card:#f5f7f9;--good:#0b6e3b;--bad:#b3261e;--warn:#8a5a00;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--bg:#11161b;--fg:#e4e9ee;--soft:#9aa7b4;--line:#2c353e;--card:#1a2128;--good:#5fd08f;--bad:#ff8a80;--warn:#f0b95a;--link:#7db7f0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1.2rem 1rem 4rem;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.2;margin:.2rem 0 .3rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{font-size:1rem;margin:1.4rem 0 .4rem}
p{margin:.4rem 0}a{color:var(--link)}.soft{color:var(--soft);font-size:.9rem}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.open{color:var(--soft);font-style:italic}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:1rem 0}.tile{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}.tile b{display:block;font-size:1.5rem;line-height:1.2}
.note{border-left:4px solid var(--warn);background:var(--card);padding:.5rem .8rem;margin:.8rem 0}
table{border-collapse:collapse;width:100%;font-size:.95rem;font-variant-numeric:tabular-nums}th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--line)}th{font-weight:600}thead th{color:var(--soft);font-size:.85rem}td small{display:block;color:var(--soft)}td a{color:inherit;text-decoration:underline dotted}
th:first-child{width:34%}td{width:33%}
ol,ul{padding-left:1.2rem}li{margin:.35rem 0}code,pre{font:.85rem/1.45 ui-monospace,monospace}pre{white-space:pre-wrap;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem;max-height:24rem;overflow:auto}
details.rest{border:0;color:var(--soft);font-size:.92rem}details details{margin-left:1rem}details{border-bottom:1px solid var(--line);padding:.35rem 0}summary{cursor:pointer}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:.5rem 0}dt{color:var(--soft)}dd{margin:0}
:target{outline:2px solid var(--link);outline-offset:2px}
@media (max-width:34rem){thead{display:none}table,tbody,tr,th,td{display:block;width:auto!important}tr{border-bottom:1px solid var(--line);padding:.45rem 0}th,td{border:0;padding:.1rem 0}table{border-top:1px solid var(--line)}td{display:grid!important;grid-template-columns:3.6rem 1fr}td small{grid-column:2}details details{margin-left:.4rem}td::before{content:attr(data-side);color:var(--soft);font-size:.85rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
@media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--card:#fff;--good:#00531f;--bad:#8c0000;--warn:#5c3c00;--link:#000}body{max-width:none;font-size:11pt}pre{max-height:none}tr,details{break-inside:avoid}}
`;
