// SPDX-License-Identifier: Apache-2.0
#include "status/style.h"

namespace cgroup2::status {

// Colours: the blues and the vermilion differ in lightness too, so that they can be told apart
// without seeing colours. Text has a contrast of 4.5 at least, which the browser test computes.
Markup style_sheet() {
  return R"css(
:root{color-scheme:light dark;
--bg:#f6f7f8;--panel:#fff;--text:#1b1e22;--muted:#565d65;--line:#dfe2e6;--link:#0a569f;
--track:#e4e7eb;--used:#1467b3;--cache:#8fc1ec;--hot:#c2410c;--alert:#a8330a;--alert-bg:#fdeee6;--good:#23693a;--mark:#eaf2fb}
@media(prefers-color-scheme:dark){:root{
--bg:#111417;--panel:#191d22;--text:#e4e7ea;--muted:#a2abb4;--line:#2d333a;--link:#86bdf3;
--track:#30373f;--used:#5aaef5;--cache:#2c5c86;--hot:#ff8a50;--alert:#ff9d6c;--alert-bg:#33211a;--good:#7ccb92;--mark:#1f2a36}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;
font-variant-numeric:tabular-nums}
header,main,footer{max-width:88rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--panel);padding:.4rem .8rem}
h1{font-size:1.45rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 .6rem}
h2.inline{display:inline}
small,.quiet{color:var(--muted);font-size:.85em}
p{margin:.4rem 0}
header{padding-top:1.1rem;padding-bottom:.3rem}
.top{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;align-items:baseline;justify-content:space-between}
.top nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.9rem}
.facts{color:var(--muted);font-size:.9rem;margin:.2rem 0 0;overflow-wrap:anywhere}
section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1rem 1.1rem;margin:.8rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.8rem;margin:.8rem 0}
.cards>div{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.7rem .9rem .75rem}
.cards dt{color:var(--muted);font-size:.82rem}
.cards dd{margin:0}
.cards dd b{font-size:1.3rem;font-weight:600;letter-spacing:-.01em}
.cards svg{margin:.35rem 0 .2rem}
svg.m{display:block;width:100%;height:9px;margin-bottom:.15rem;border-radius:5px;background:var(--track);forced-color-adjust:none}
svg.m rect{height:100%}
.u{fill:var(--used)}.c{fill:var(--cache)}.h{fill:var(--hot)}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;color:var(--muted);font-size:.85rem;margin:.5rem 0;padding:0;list-style:none}
.key svg{display:inline-block;width:1.4rem;height:.65rem;border-radius:3px;margin:0 .4rem 0 0;vertical-align:-.02rem}
details>summary{cursor:pointer}
.checks{list-style:none;margin:.5rem 0;padding:0}
.checks li{display:grid;grid-template-columns:6.5rem 11rem 1fr;gap:.1rem .8rem;padding:.38rem 0;border-top:1px solid var(--line)}
.checks span{overflow-wrap:anywhere}
.ok{color:var(--good)}.bad{color:var(--alert);font-weight:600}.off{color:var(--muted)}
.notice{background:var(--alert-bg);border-color:var(--alert)}
.tabs{display:flex;flex-wrap:wrap;gap:.35rem;margin:0 0 .8rem;padding:0;list-style:none}
.tabs a{display:block;padding:.28rem .8rem;border:1px solid var(--line);border-radius:99px}
.tabs a[aria-current]{background:var(--mark);border-color:var(--link);font-weight:600}
form{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:end;margin:0 0 .4rem}
label{display:block;margin-bottom:.15rem;font-size:.82rem;color:var(--muted)}
input,select,button{font:inherit;font-size:.95rem;color:var(--text);background:var(--panel);border:1px solid var(--muted);border-radius:7px;padding:.32rem .55rem;min-height:2.2rem}
input{min-width:17rem}
button{background:var(--link);border-color:var(--link);color:var(--panel);font-weight:600;padding:.32rem 1rem;cursor:pointer}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;color:var(--muted);font-size:.85rem;padding:.2rem 0 .5rem}
th,td{padding:.4rem .55rem;text-align:right;vertical-align:top;border-top:1px solid var(--line);white-space:nowrap;font-weight:400}
th:first-child,td:first-child,.left td,.left th{text-align:left}
th[scope=row],.wrap td{white-space:normal;overflow-wrap:anywhere}
th[scope=row]{min-width:11rem}
thead th{position:sticky;top:0;background:var(--panel);border-top:0;box-shadow:inset 0 -1px var(--line);font-size:.85rem;vertical-align:bottom;z-index:1}
thead th[aria-sort] a{font-weight:700;color:var(--text)}
tbody tr:hover{background:var(--mark)}
.cg th:nth-child(2),.cg td:nth-child(2){min-width:12rem;text-align:left}
.cg th[scope=row]{min-width:15rem}
.cg th,.cg td{vertical-align:middle}
.cg th small{display:block}
td.bad small{font-weight:400}
td:empty::after{content:"–";color:var(--muted)}
.tree,.tree ul{list-style:none;margin:0;padding:0}
.tree ul{margin-left:-.75rem;border-left:1px solid var(--line)}
.tree li{position:relative;padding-left:1.5rem}
.tree summary{position:absolute;left:.1rem;top:.08rem;width:1.4rem;height:1.5rem;list-style:none;text-align:center;color:var(--muted)}
.tree summary::-webkit-details-marker{display:none}
.tree summary::before{content:"▸"}
.tree [open]>summary::before{content:"▾"}
.tree .n{display:grid;grid-template-columns:minmax(10rem,1fr) 7rem minmax(17rem,26rem);gap:.1rem 1rem;align-items:center;padding:.16rem 0}
.tree .n>:first-child{overflow-wrap:anywhere}
.crumbs{font-size:.9rem;margin:.1rem 0 .3rem;overflow-wrap:anywhere}
details+details{margin-top:.3rem}
.grid{margin-top:.8rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(27rem,100%),1fr));gap:.8rem;align-items:start}
.grid>section{margin:0}
dl.pairs{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.3rem 1.1rem;margin:0}
dl.pairs dt{color:var(--muted)}
dl.pairs dd{margin:0;overflow-wrap:anywhere}
.big>svg{height:18px;border-radius:6px;margin:.2rem 0 .3rem}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;overflow-wrap:anywhere}
footer{color:var(--muted);font-size:.85rem;padding-top:.4rem;padding-bottom:2rem}
.scroll{overflow-x:auto}
@media(max-width:62rem){
header,main,footer{padding-left:.8rem;padding-right:.8rem}
section{padding:.85rem .8rem}
.cards{grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem}
input{min-width:0;width:100%}
.grow{flex:1 1 14rem}
.checks li{grid-template-columns:5.5rem 1fr}
.checks li>:last-child{grid-column:1/-1}
.tree .n{grid-template-columns:1fr}
.tree li{padding-left:1.2rem}
.cg thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cg,.cg tbody,.cg caption{display:block}
.cg tr{display:grid;grid-template-columns:repeat(4,1fr);gap:.3rem .5rem;padding:.65rem 0;border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 9rem}
.cg th,.cg td{display:block;padding:0;border:0;text-align:left;min-width:0;white-space:normal}
.cg th[scope=row],.cg td:nth-child(2){grid-column:1/-1}
.cg td::before{display:block;color:var(--muted);font-size:.75rem}
.cg td:nth-child(3)::before{content:"Of limit"}
.cg td:nth-child(4)::before{content:"CPU"}
.cg td:nth-child(5)::before{content:"Throttled"}
.cg td:nth-child(6)::before{content:"CPU wait"}
.cg td:nth-child(7)::before{content:"Mem. wait"}
.cg td:nth-child(8)::before{content:"I/O wait"}
.cg td:nth-child(9)::before{content:"Tasks"}
.cg td:nth-child(10)::before{content:"OOM kills"}
.cg td.bad:nth-child(10){grid-column:1/-1;white-space:normal}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{form,.tabs,.skip{display:none}}
)css";
}

// The hash is that of the sheet; a test computes it.
std::string_view content_security_policy() {
  return "default-src 'none'; "
         "style-src 'sha256-2t31k/oSeYGQweQCGoq3sGsOoYt3NGOA2hHPFGdkLIg='; "
         "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace cgroup2::status
