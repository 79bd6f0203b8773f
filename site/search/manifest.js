sitegenSearch("manifest", "", {
"kinds":{"a":["functions/","Functions",true],"b":["files/","Source files",true],"c":["tables/","Ops tables",true],"d":["subsystems/","Subsystems",false],"e":["layers/","Layers",false],"f":["kinds/","Kinds",false],"g":["kernels/","Kernels",false],"h":["commits/","Commits",true],"i":["cves/","CVEs",false],"j":["syzbot/","syzbot bugs",true],"k":["tags/","Tags",false],"l":["authors/","Authors",false],"-":["","Pages",false]},
"count":10,
"block":4096,
"each":8,
"names":"21fc73e289553c2fd47c51dcd635f5cb481d6f931a72723b9b1b97b77fb03e722ab969cdf8594187b042ff013e7a37a7",
"sizes":"nnnnnnnnmnnnnnon",
"cases":["9e4e8583b349ad1305f08cbb4bb7576c63f04edd98d9e092"],
"records":"690d9cda535b"
});
