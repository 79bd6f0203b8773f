sitegenSearch("manifest", "", {
"kinds":{"a":["functions/","Functions",true],"b":["files/","Source files",true],"c":["tables/","Ops tables",true],"d":["subsystems/","Subsystems",false],"e":["layers/","Layers",false],"f":["kinds/","Kinds",false],"g":["kernels/","Kernels",false],"h":["commits/","Commits",true],"i":["cves/","CVEs",false],"j":["syzbot/","syzbot bugs",true],"k":["tags/","Tags",false],"l":["authors/","Authors",false],"-":["","Pages",false]},
"count":10,
"block":4096,
"each":8,
"names":"2ef4ea1a1c58af2e2458142119e3f868f8e2d03e46e1934561f6697c8f3516615aa7b9db06aba9ce2530413d9d79e9af",
"sizes":"mnnnnnnnmnnnnnnn",
"cases":["19588fed287d6ea588071953"],
"records":"7f3bcc9f7c88"
});
